using TrafficFlow.Wire.Serialization;

namespace TrafficFlow.Wire.Proto;

/// <summary>The snapshot of an aggregator is a message of its own, so that the state can change without it.</summary>
internal sealed partial class ApproachSnapshot : IWireMessage;
