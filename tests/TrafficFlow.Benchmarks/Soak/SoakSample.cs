namespace TrafficFlow.Benchmarks.Soak;

/// <summary>One look at one node.</summary>
/// <param name="Life">Id of its process: a node that was killed begins anew.</param>
/// <param name="Days">Event time since the beginning.</param>
internal sealed record NodeSample(string Node, int Life, double Days, ProcessFigures Figures);

/// <summary>One look at what is stored.</summary>
/// <param name="Store">Journal, snapshots, tables, and the roadside's outbox.</param>
internal sealed record StoreSample(string Store, double Days, double Mb);
