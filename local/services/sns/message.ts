export interface Message {
  messageId: string;
  topicArn: string;
  subject?: string;
  message: string;
  /** Other texts for single protocols, and `default` for the rest. */
  byProtocol?: Record<string, string>;
  timestamp: Date;
  attributes: Record<string, { Type: string; Value: string }>;
}
