namespace TrafficFlow.Web.Formats;

/// <summary>What was asked for cannot be said in this format; the message says why and what to do, in one line.</summary>
public sealed class FormatRefusedException(string message) : Exception(message);
