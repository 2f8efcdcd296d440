using TrafficFlow.Core.Geometry;

namespace TrafficFlow.Core.Privacy;

public enum SubjectKind
{
    /// <summary>A person, or somebody on a cycle or motorcycle.</summary>
    Person = 0,

    Vehicle = 1,
}

/// <param name="Box">Pixels; may reach beyond the picture.</param>
/// <param name="Width">
/// Width in pixels that the whole subject would have: of one that is cut by the picture's edge, or half hidden, the box shows a part.
/// </param>
public readonly record struct PrivateArea(Box Box, SubjectKind Kind, float Width);

/// <summary>What must be coarse in one frame. Only a <see cref="PrivacyWatch"/> makes it, so that no picture is shown without having been judged.</summary>
public sealed class PictureAreas
{
    internal PictureAreas(DateTimeOffset eventTime, bool isWhole, IReadOnlyList<PrivateArea> areas) =>
        (EventTime, IsWhole, Areas) = (eventTime, isWhole, areas);

    /// <summary>Of the frame.</summary>
    public DateTimeOffset EventTime { get; }

    /// <summary>Nobody can tell where persons are: all of the picture must be coarse, and <see cref="Areas"/> coarser where they are larger.</summary>
    public bool IsWhole { get; }

    public IReadOnlyList<PrivateArea> Areas { get; }
}
