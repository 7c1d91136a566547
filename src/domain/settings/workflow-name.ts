/** By which the command line finds a workflow: a part of its parameters' names. Source: AWS Systems Manager API Reference, PutParameter. */
export const WORKFLOW_NAME = /^[a-zA-Z0-9_.-]{1,128}$/;
