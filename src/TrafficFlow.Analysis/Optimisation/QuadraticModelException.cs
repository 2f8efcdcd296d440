namespace TrafficFlow.Analysis.Optimisation;

/// <summary>A model, a sample or a file of one is not what it should be; the message says what is wrong, where, and what is expected.</summary>
public sealed class QuadraticModelException(string message, Exception? cause = null) : Exception(message, cause);
