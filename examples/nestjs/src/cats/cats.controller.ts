import { Controller, Get, Param } from '@nestjs/common';
import { Cat } from './cat';
import { CatsService } from './cats.service';

@Controller('cats')
export class CatsController {
  constructor(private readonly cats: CatsService) {}

  @Get()
  findAll(): Cat[] {
    return this.cats.findAll();
  }

  @Get(':name')
  findOne(@Param('name') name: string): string {
    const cat = this.cats.findAll().find((cat) => cat.name === name);
    return cat ? `${cat.name} is ${cat.mood}` : `no cat ${name}`;
  }
}
