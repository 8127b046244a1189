export enum Mood {
  Sleepy = 'sleepy',
  Hungry = 'hungry',
}

export interface Cat {
  name: string;
  mood: Mood;
}
