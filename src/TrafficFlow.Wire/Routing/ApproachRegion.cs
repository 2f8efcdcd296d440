namespace TrafficFlow.Wire.Routing;

/// <summary>Key of the actor registry: the way to the aggregators, be it their shard region, its proxy or the uplink.</summary>
public sealed class ApproachRegion;
