namespace TrafficFlow.Wire.Peers;

/// <summary>What a certificate lets its node be.</summary>
public enum PeerRole
{
    /// <summary>A member with any role, which decides, stores and commands.</summary>
    Server,

    /// <summary>A member beside cameras: it delivers what they count, and listens to servers.</summary>
    Roadside,

    /// <summary>A member that only listens.</summary>
    Subscriber,
}
