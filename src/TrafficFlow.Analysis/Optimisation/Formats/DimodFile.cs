namespace TrafficFlow.Analysis.Optimisation.Formats;

/// <summary>A model as it was read, and which version of dimod's schema its file was in.</summary>
public sealed record DimodFile(BinaryQuadraticModel Model, string SchemaVersion);
