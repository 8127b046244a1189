export const salutation = 'Hello';
