using TrafficFlow.Core.Scoring.Mot;

namespace TrafficFlow.Node.Score;

/// <summary>One recording's true tracks and the tracks that somebody found, as named on the command line.</summary>
public sealed record TrackPair(string Name, string TruthFile, string TracksFile);

/// <summary>Finds and reads files of the MOT challenge. Every malformed line is reported, with its file and number.</summary>
public static class MotFiles
{
    private const int ShownErrors = 20;
    private const string TruthName = "gt.txt";
    private const string ResultName = "test.txt";

    /// <summary>Pairs files with files and folders with folders; a folder holds SEQUENCE/gt.txt, SEQUENCE/gt/gt.txt or SEQUENCE.gt.txt.</summary>
    /// <exception cref="UsageException">A file is absent, or the two sides do not pair.</exception>
    public static IReadOnlyList<TrackPair> Pairs(IReadOnlyList<string> truth, IReadOnlyList<string> tracks)
    {
        if (truth.Count != tracks.Count)
            throw new UsageException($"--truth is given {truth.Count} times and --tracks {tracks.Count} times; they go in pairs");
        var absent = truth.Concat(tracks).Where(f => !Path.Exists(f)).ToList();
        if (absent.Count > 0) throw new UsageException($"no such file: {string.Join(", ", absent)}");
        return [.. truth.Zip(tracks, Pairs).SelectMany(p => p)];
    }

    /// <exception cref="JobFailedException">A line is malformed, or a track is twice in one picture.</exception>
    public static IReadOnlyList<MotRow> ReadTracks(string path)
    {
        try
        {
            var (rows, errors) = MotText.Read(File.ReadLines(path));
            if (errors.Count == 0) errors = MotText.ErrorsOfTracks(rows);
            return errors.Count == 0 ? rows : throw Malformed(path, errors);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JobFailedException($"{path} cannot be read: {e.Message}", e);
        }
    }

    private static IEnumerable<TrackPair> Pairs(string truth, string tracks)
    {
        if (Directory.Exists(truth) != Directory.Exists(tracks))
            throw new UsageException($"{truth} and {tracks}: a folder goes with a folder and a file with a file");
        if (!Directory.Exists(truth)) return [new TrackPair(NameOf(truth), truth, tracks)];
        var sequences = Sequences(truth).OrderBy(s => s.Name, StringComparer.Ordinal).ToList();
        if (sequences.Count == 0)
            throw new UsageException($"{truth} holds no sequence: neither SEQUENCE/{TruthName}, SEQUENCE/gt/{TruthName} nor SEQUENCE.{TruthName}");
        var missing = sequences.Where(s => ResultOf(tracks, s.Name) is null).Select(s => s.Name).ToList();
        return missing.Count == 0
            ? sequences.Select(s => new TrackPair(s.Name, s.File, ResultOf(tracks, s.Name)!))
            : throw new UsageException(
                $"{tracks} holds no tracks of {string.Join(", ", missing)}: name them SEQUENCE.txt or SEQUENCE/{ResultName}; an empty file is a result, too");
    }

    private static IEnumerable<(string Name, string File)> Sequences(string folder) =>
        Directory.EnumerateDirectories(folder)
            .SelectMany(d => new[] { Path.Combine(d, TruthName), Path.Combine(d, "gt", TruthName) }.Where(File.Exists).Take(1))
            .Concat(Directory.EnumerateFiles(folder, $"*.{TruthName}"))
            .Select(f => (NameOf(f), f));

    private static string? ResultOf(string folder, string sequence) =>
        new[] { Path.Combine(folder, $"{sequence}.txt"), Path.Combine(folder, sequence, ResultName) }.FirstOrDefault(File.Exists);

    private static string NameOf(string truth)
    {
        var full = Path.GetFullPath(truth);
        if (Path.GetFileName(full) != TruthName)
        {
            return Path.GetFileName(full) is var name && name.EndsWith($".{TruthName}", StringComparison.Ordinal)
                ? name[..^(TruthName.Length + 1)]
                : Path.GetFileNameWithoutExtension(name);
        }

        var folder = Path.GetDirectoryName(full)!;
        return Path.GetFileName(folder) == "gt" ? Path.GetFileName(Path.GetDirectoryName(folder)!) : Path.GetFileName(folder);
    }

    private static JobFailedException Malformed(string path, IReadOnlyList<string> errors)
    {
        var shown = errors.Take(ShownErrors).Select(e => $"{path}:{e}").ToList();
        if (errors.Count > ShownErrors) shown.Add($"{path}: and {errors.Count - ShownErrors} more");
        return new JobFailedException(string.Join(Environment.NewLine, shown));
    }
}
