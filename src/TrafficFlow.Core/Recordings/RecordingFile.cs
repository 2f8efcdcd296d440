namespace TrafficFlow.Core.Recordings;

/// <summary>One file of a recording.</summary>
/// <param name="Source">As a reader opens it: a full path, or synthetic:NAME.</param>
/// <param name="Name">For people: the file's name without its folders.</param>
/// <param name="NamedStart">When its first frame was taken, as its name tells; null where names are not asked.</param>
public sealed record RecordingFile(string Source, string Name, DateTimeOffset? NamedStart = null);

/// <summary>Files that one camera recorded one after the other, in order: one axis of event time.</summary>
/// <param name="Start">When the first frame was taken, in the site's offset; null where nobody tells.</param>
public sealed record Recording(IReadOnlyList<RecordingFile> Files, DateTimeOffset? Start)
{
    /// <summary>Event time of the first frame where nobody tells when it was taken: times are then seconds from here, and no clock times.</summary>
    public static readonly DateTimeOffset UndatedStart = DateTimeOffset.UnixEpoch;

    public static Recording Of(string source) => new([new RecordingFile(source, Path.GetFileName(source))], null);

    /// <summary>Event time of the first frame.</summary>
    public DateTimeOffset Zero => Start ?? UndatedStart;
}
