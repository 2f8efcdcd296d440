using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Node.Custody;

/// <summary>What of a site's custody the program can look at by itself.</summary>
public enum CustodyRule
{
    /// <summary>The data folder's disk, and swap.</summary>
    Disk = 0,

    /// <summary>The way of the pictures from the cameras.</summary>
    Link = 1,

    /// <summary>How large plates and faces can be in the picture.</summary>
    Picture = 2,

    /// <summary>Whether what is published is what is in force.</summary>
    Notice = 3,
}

/// <summary>One thing that was looked at.</summary>
/// <param name="What">For people, such as "link of cam1".</param>
/// <param name="Requirement">What the site file requires; <see cref="Requirement.Off"/> where it requires nothing.</param>
/// <param name="IsMet">Whether it would be met if it was required.</param>
/// <param name="Text">What was found; where it is not met, with what to do.</param>
public sealed record CustodyFinding(SiteId Site, CustodyRule Rule, string What, Requirement Requirement, bool IsMet, string Text)
{
    /// <summary>The site file requires it, and it is not so.</summary>
    public bool IsUnmet => Requirement != Requirement.Off && !IsMet;

    /// <summary>It is not known now, since a name does not resolve.</summary>
    public bool IsUnresolved { get; init; }

    /// <summary>This machine does not show whether it is met.</summary>
    public bool IsUnknown { get; init; }

    /// <summary>The folder or the camera that was looked at.</summary>
    public string Target { get; init; } = "";

    /// <summary>A node must not start like that.</summary>
    public bool RefusesStart => Requirement == Requirement.Refuse && !IsMet;
}
