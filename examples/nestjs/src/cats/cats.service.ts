import { Injectable, OnModuleDestroy } from '@nestjs/common';
import { Cat, Mood } from './cat';

@Injectable()
export class CatsService implements OnModuleDestroy {
  private readonly cats: Cat[] = [{ name: 'Tom', mood: Mood.Sleepy }];

  findAll(): Cat[] {
    return this.cats;
  }

  onModuleDestroy() {
    console.log('cats are gone');
  }
}
