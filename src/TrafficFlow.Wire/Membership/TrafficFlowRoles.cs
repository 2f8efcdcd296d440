namespace TrafficFlow.Wire.Membership;

/// <summary>What a node of the cluster does; one node may have several roles.</summary>
public static class TrafficFlowRoles
{
    /// <summary>Beside the cameras: decodes, detects, tracks, stores until delivered.</summary>
    public const string Roadside = "roadside";

    /// <summary>Aggregates and publishes; only these nodes decide who is down.</summary>
    public const string Server = "server";

    /// <summary>Listens to topics.</summary>
    public const string Subscriber = "subscriber";
}
