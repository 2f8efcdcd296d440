namespace TrafficFlow.Core.Sites;

/// <summary>Faults of a site file that are often made, by what they are: pages say them in the language of whoever reads.</summary>
public enum SiteFaultKind
{
    /// <summary>First: the number; second and third: the least and the most.</summary>
    OutOfRange = 0,

    /// <summary>First: what stands there.</summary>
    NotANumber = 1,

    /// <summary>Nothing stands where a text must.</summary>
    NoText = 2,

    /// <summary>First: a name that is none.</summary>
    BadName = 3,

    /// <summary>First: the name of two things; third: one that is free.</summary>
    SameName = 4,

    /// <summary>The same, where one of them is new and the other stands in the file. Second: who added it, and in which version; empty where that is not known.</summary>
    SameNameInFile = 5,
    GateWithoutLength = 6,
    NoGates = 7,

    /// <summary>First: its id.</summary>
    NoSuchApproach = 8,

    /// <summary>First: how many.</summary>
    FewCorners = 9,
    NoArea = 10,
    CrossesItself = 11,

    /// <summary>First: how many; second and third: the fewest and the most.</summary>
    GroundCount = 12,
    GroundOnLine = 13,
    GroundContradicts = 14,
    GroundBeyondHorizon = 15,
    GroundMirrored = 16,
}

public sealed record SiteFault(SiteFaultKind Kind, string First = "", string Second = "", string Third = "");
