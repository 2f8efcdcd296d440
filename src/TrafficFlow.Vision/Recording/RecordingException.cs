namespace TrafficFlow.Vision.Recording;

/// <summary>A segment cannot be recorded; the message says why and what to do.</summary>
internal sealed class RecordingException(string message, Exception? inner = null) : Exception(message, inner);
