using TrafficFlow.Core.Sites;

namespace TrafficFlow.Web.Pages.Marking;

/// <summary>The clips of this node, and the one that is read, marked or counted now: one at a time, for counting comes first. Thread-safe.</summary>
public interface IMarkingDesk
{
    /// <summary>Where the clips of a site are laid.</summary>
    string FolderOf(SiteId site);

    /// <summary>By name; links are none.</summary>
    IReadOnlyList<ClipFile> Clips(SiteId site);

    /// <summary>Null while nothing was opened since the node has started.</summary>
    MarkingState? Now { get; }

    /// <summary>What is open for marking; whoever asks keeps it open.</summary>
    /// <returns>Null where it is not.</returns>
    IMarking? Find(SiteId site, string clip);

    /// <summary>Begins to read a clip. Its file of marks lies beside it, and is taken up again.</summary>
    /// <param name="by">Of the account.</param>
    /// <returns>False where there is no such clip, or no gate at the camera, or something else is under way.</returns>
    bool TryOpen(string by, SiteId site, CameraId camera, string clip);

    /// <summary>Begins to count a clip and to compare that with its marks; the report lies with the other scores of the site afterwards.</summary>
    /// <returns>As <see cref="TryOpen"/>, and false without marks.</returns>
    bool TryScore(string by, SiteId site, CameraId camera, string clip);

    /// <summary>Ends what is under way. Marks are kept already.</summary>
    void Close();
}

/// <param name="HasMarks">A file of marks lies beside it.</param>
public sealed record ClipFile(string Name, long Bytes, bool HasMarks);

/// <summary>What a desk does, or has done last.</summary>
/// <param name="By">Who began it.</param>
public sealed record MarkingState(MarkingStep Step, SiteId Site, CameraId Camera, string Clip, string By)
{
    /// <summary>How far reading or counting is, 0 to 1; null where that is not known.</summary>
    public double? Share { get; init; }

    /// <summary>Of marks.</summary>
    public int Marks { get; init; }

    /// <summary>Of the marks; with its folder.</summary>
    public string File { get; init; } = "";

    /// <summary>Why it failed, or why less than the whole clip was read, with what to do; null where all is well.</summary>
    public string? Problem { get; init; }

    /// <summary>Name of the report that was made.</summary>
    public string? Report { get; init; }

    public bool IsBusy => Step is MarkingStep.Reading or MarkingStep.Open or MarkingStep.Counting;
}

public enum MarkingStep
{
    Reading = 0,
    Open = 1,

    /// <summary>Somebody said that all is marked.</summary>
    Finished = 2,
    Counting = 3,

    /// <summary>Counted, and compared with the marks.</summary>
    Scored = 4,
    Failed = 5,

    /// <summary>By somebody, or because nobody used it for long.</summary>
    Closed = 6,
}
