namespace TrafficFlow.Core.Sites;

/// <summary>One intersection with its cameras, approaches, gates and time zone.</summary>
public readonly record struct SiteId(string Value)
{
    public override string ToString() => Value;
}

/// <summary>One camera of a site; also the name of its actor.</summary>
public readonly record struct CameraId(string Value)
{
    public override string ToString() => Value;
}

/// <summary>An arm of the intersection: vehicles arrive on it (approach) or leave on it (exit).</summary>
public readonly record struct ApproachId(string Value)
{
    /// <summary>Where crossings of gates that neither enter nor exit an approach are counted.</summary>
    public static readonly ApproachId Gates = new("_gates");

    /// <summary>No approach: to whom a junction's outbox delivers its journeys.</summary>
    public static readonly ApproachId Journeys = new("_journeys");

    /// <summary>No approach: to whom a junction tells incidents.</summary>
    public static readonly ApproachId Incidents = new("_incidents");

    public override string ToString() => Value;
}

/// <summary>A directed line across a carriageway in one camera's picture; unique within its camera.</summary>
public readonly record struct GateId(string Value)
{
    public override string ToString() => Value;
}
