namespace TrafficFlow.Server.Queries;

/// <summary>The read tables cannot answer; the message names the database, the likely cause and the remedy.</summary>
public class QueryException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>What was given as the cursor of a page is none; the tables are as they should be.</summary>
public sealed class CursorException(string message) : QueryException(message);
