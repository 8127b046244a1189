import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module';

async function bootstrap() {
  const app = await NestFactory.create(AppModule, { logger: ['error', 'warn'] });
  await app.listen(process.env.PORT ?? 3000);
  console.log(`listening on ${await app.getUrl()}`);
  return app;
}

const app = await bootstrap();

if (import.meta.hot) {
  import.meta.hot.accept();
  import.meta.hot.dispose(() => app.close());
}
