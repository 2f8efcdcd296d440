using TrafficFlow.Core.Recordings;
using TrafficFlow.Synthetic;
using TrafficFlow.Vision.Ffmpeg;

namespace TrafficFlow.Node.Count.Videos;

/// <summary>Which files the videos of a command line are: files, folders, and patterns that no shell has resolved.</summary>
internal static class VideoFiles
{
    /// <summary>What in a folder is taken for a video.</summary>
    private static readonly HashSet<string> Extensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".ts", ".mts", ".m2ts", ".mpg", ".mpeg", ".flv", ".wmv", ".asf", ".3gp", ".ogv", ".dav", ".h264", ".264", ".h265", ".265", ".hevc",
    };

    public static bool IsVideo(string name) => Extensions.Contains(Path.GetExtension(name));

    /// <returns>Full paths, each once, in the natural order of their names; or one synthetic source.</returns>
    /// <exception cref="UsageException">One is a camera, or has no end, or a folder or pattern holds no video.</exception>
    public static IReadOnlyList<string> Expand(IReadOnlyList<string> given)
    {
        if (given.FirstOrDefault(SyntheticSource.IsSynthetic) is { } synthetic)
        {
            if (given.Count > 1) throw new UsageException($"{synthetic} cannot be counted together with other videos: count it alone");
            return [Endless(synthetic)];
        }

        return [.. given.SelectMany(Files).Distinct(StringComparer.Ordinal).Order(NaturalOrder.Instance)];
    }

    private static string Endless(string synthetic) => SyntheticSource.Parse(synthetic).Seconds is not null
        ? synthetic
        : throw new UsageException($"{synthetic} has no end: say how long, for example {synthetic}{(synthetic.Contains('?') ? '&' : '?')}seconds=60");

    private static IEnumerable<string> Files(string given)
    {
        if (given.Contains("://", StringComparison.Ordinal)) throw new UsageException($"{VideoSource.Redact(given)} is a camera and has no end: watch it with `trafficflow run`");
        var path = Path.GetFullPath(given);
        // A misspelt option would be taken for one more video.
        if (given.StartsWith("--", StringComparison.Ordinal) && !Path.Exists(path)) throw new UsageException($"there is no option {given}: see trafficflow count --help");
        if (Directory.Exists(path)) return Videos(given, () => Directory.EnumerateFiles(path).Where(IsVideo));
        if (File.Exists(path) || given.AsSpan().IndexOfAny('*', '?') < 0) return [path];
        if (Path.GetDirectoryName(path) is not { } folder || !Directory.Exists(folder))
            throw new UsageException($"{given}: there is no folder {Path.GetDirectoryName(path)}: only the file's own name may be a pattern");
        return Videos(given, () => Directory.EnumerateFiles(folder, Path.GetFileName(path)));
    }

    /// <summary>Who may write into a folder of recordings, a camera's memory card perhaps, is not to choose what else of this machine is read.</summary>
    private static bool LeadsAway(string file)
    {
        if (new FileInfo(file).LinkTarget is null) return false;
        var folder = Path.GetDirectoryName(file)!;
        return new FileInfo(file).ResolveLinkTarget(returnFinalTarget: true) is not { Exists: true } target || Path.GetDirectoryName(target.FullName) != folder;
    }

    private static List<string> Videos(string given, Func<IEnumerable<string>> find)
    {
        try
        {
            var found = find().ToList();
            if (found.FirstOrDefault(LeadsAway) is { } link)
                throw new UsageException($"{link} is a link that leads out of its folder, to {new FileInfo(link).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? "nothing"}: name the file itself if it is meant, or remove the link");
            return found.Count > 0 ? found : throw new UsageException($"{given} holds no video: expected files that end with .mp4, .mkv, .avi, .ts or the like, directly in it");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{given} cannot be read: {e.Message}");
        }
    }
}
