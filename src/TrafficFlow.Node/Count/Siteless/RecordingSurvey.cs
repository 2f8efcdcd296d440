using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Recordings;
using TrafficFlow.Synthetic;
using TrafficFlow.Vision.Ffmpeg;

namespace TrafficFlow.Node.Count.Siteless;

/// <summary>A file of a recording as its container describes it.</summary>
/// <param name="Video">Null where it could not be opened, and for a synthetic source.</param>
/// <param name="Duration">Null where nobody tells.</param>
/// <param name="Failure">Why it could not be opened.</param>
internal sealed record SurveyedFile(RecordingFile File, VideoFile? Video, TimeSpan? Duration, FrameSourceException? Failure);

/// <summary>Looks at every file of a recording before any is counted: which can be opened, and how long they are.</summary>
internal sealed class RecordingSurvey
{
    private const int AtATime = 4;

    private RecordingSurvey(IReadOnlyList<SurveyedFile> files)
    {
        Files = files;
        var lengths = files.Select(f => f.Duration).OfType<TimeSpan>().Order().ToList();
        TypicalLength = lengths.Count > 0 ? lengths[lengths.Count / 2] : TimeSpan.Zero;
    }

    public IReadOnlyList<SurveyedFile> Files { get; }

    /// <summary>Of a file that does not tell its own: recorders cut pieces of one length.</summary>
    public TimeSpan TypicalLength { get; }

    public SurveyedFile FirstReadable => Files.First(f => f.Failure is null);

    /// <exception cref="FrameSourceException">The only file cannot be opened.</exception>
    /// <exception cref="JobFailedException">None of several can.</exception>
    public static async Task<RecordingSurvey> TakeAsync(Recording recording, CancellationToken cancellation)
    {
        var files = new SurveyedFile[recording.Files.Count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, files.Length),
            new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellation },
            async (i, token) => files[i] = await InspectAsync(recording.Files[i], token));
        if (files.Any(f => f.Failure is null)) return new RecordingSurvey(files);
        if (files is [{ Failure: { } only }]) throw only;
        throw new JobFailedException($"none of the {files.Length} files can be counted; the first: {files[0].Failure!.Message}");
    }

    private static async Task<SurveyedFile> InspectAsync(RecordingFile file, CancellationToken cancellation)
    {
        if (SyntheticSource.IsSynthetic(file.Source))
            return new SurveyedFile(file, null, SyntheticSource.Parse(file.Source).Seconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null, null);
        try
        {
            var video = await VideoFile.ProbeAsync(file.Source, cancellation);
            return new SurveyedFile(file, video, video.Duration, null);
        }
        catch (FrameSourceException e)
        {
            return new SurveyedFile(file, null, null, e);
        }
    }
}
