import { inventoryRoutes } from './inventory.ts';
import { runRoutes } from './runs.ts';

export const fleetRoutes = [...inventoryRoutes, ...runRoutes];
