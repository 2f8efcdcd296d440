namespace TrafficFlow.SystemTests.Lab;

/// <summary>This machine does not allow what the laboratory needs; the message says what. A test skips, a benchmark cannot run.</summary>
internal sealed class LabUnavailableException(string reason) : Exception(reason);
