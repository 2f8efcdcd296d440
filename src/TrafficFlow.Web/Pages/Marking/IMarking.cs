namespace TrafficFlow.Web.Pages.Marking;

/// <summary>A clip that is being marked: its anonymized pictures, and the marks, each change of which is kept before it is answered. Thread-safe.</summary>
public interface IMarking
{
    MarkingClip Clip { get; }

    /// <summary>Null where one browser only is let in.</summary>
    MarkingSeat? Seat { get; }

    /// <returns>A JPEG; null where there is no such frame.</returns>
    byte[]? Frame(int index);

    /// <summary>The slit-scan of a gate, frames [from, from + count), fewer at the end.</summary>
    /// <returns>A PNG; null where there is no such part.</returns>
    byte[]? Scan(string gate, int from, int count);

    /// <summary>All marks, as the page takes and gives them.</summary>
    string MarksJson();

    /// <summary>Takes all marks as the page has them now and keeps them.</summary>
    /// <returns>Null, or what is wrong: then nothing changed.</returns>
    string? Replace(string json);

    /// <summary>The work is done: the clip may go.</summary>
    void Finish();
}

/// <param name="Camera">Which took it.</param>
/// <param name="Times">Seconds of each frame from the start.</param>
/// <param name="ScanRows">Height of a slit-scan, pixels.</param>
/// <param name="File">Name of the truth file, without folders.</param>
public sealed record MarkingClip(string Camera, int Width, int Height, IReadOnlyList<double> Times, int ScanRows, IReadOnlyList<MarkingGate> Gates, string File);

/// <param name="From">x and y, fractions of width and height.</param>
/// <param name="To">As <paramref name="From"/>.</param>
public sealed record MarkingGate(string Id, IReadOnlyList<double> From, IReadOnlyList<double> To);
