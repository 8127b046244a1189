/** @param {string} url @returns {Promise<any>} what `import()` in a module of this package gives */
export const nativeImport = (url) => import(url);
