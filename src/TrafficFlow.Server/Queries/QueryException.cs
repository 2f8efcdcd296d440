namespace TrafficFlow.Server.Queries;

/// <summary>The read tables cannot answer; the message names the database, the likely cause and the remedy.</summary>
public sealed class QueryException(string message, Exception? inner = null) : Exception(message, inner);
