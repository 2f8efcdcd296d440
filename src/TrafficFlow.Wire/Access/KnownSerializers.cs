namespace TrafficFlow.Wire.Access;

/// <summary>Identifiers of serializers, as Akka's reference settings and ours give them.</summary>
internal static class KnownSerializers
{
    public const int Cluster = 5;
    public const int Selection = 6;
    public const int Topics = 9;
    public const int Replicator = 12;
    public const int Sharding = 13;
    public const int Singleton = 14;
    public const int Actors = 16;
    public const int Primitive = 17;
    public const int SystemMessages = 22;
    public const int TrafficFlow = 7321;
}
