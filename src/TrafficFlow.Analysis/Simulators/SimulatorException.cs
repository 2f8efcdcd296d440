namespace TrafficFlow.Analysis.Simulators;

/// <summary>Nothing was simulated: the message says why and what to do.</summary>
public sealed class SimulatorException(string message, Exception? inner = null) : Exception(message, inner);
