import { phases } from '../lambdas';
import graph from '../statemachines/deployment.asl.json';
import { diagram } from '../statemachines/diagram';

// `npm run graph`: what stands in the README
console.log(diagram({ phases, states: graph.States }));
