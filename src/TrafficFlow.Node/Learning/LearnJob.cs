using System.Text.Json;
using TrafficFlow.Core.Files;
using TrafficFlow.Core.Learning;
using TrafficFlow.Core.Segments;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vault.Segments;
using TrafficFlow.Vision.Recording;

namespace TrafficFlow.Node.Learning;

/// <summary>Writes recorded frames with what was found in them as COCO and MOT, and makes scenes of the recipe from labels that were corrected.</summary>
internal static class LearnJob
{
    private static readonly JsonSerializerOptions s_layout = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true, MaxDepth = 8 };

    /// <summary>A new folder, for its owner alone.</summary>
    public static string NewFolder(string path)
    {
        var folder = Path.GetFullPath(path);
        if (Path.Exists(folder) || new FileInfo(folder).LinkTarget is not null) throw new UsageException($"{path} is there already: name a folder that is not");
        if (!Directory.Exists(Path.GetDirectoryName(folder))) throw new UsageException($"{Path.GetDirectoryName(folder)} is no folder: make it first");
        Make(folder);
        return folder;
    }

    /// <param name="every">Each how many-th picture; detections and tracks are of all of them.</param>
    public static async Task ExportAsync(string folder, string site, string copy, DateTimeOffset until, IReadOnlyList<string> segments, int every, Func<string, Task<Stream>> open, TimeProvider time, CancellationToken cancellation)
    {
        var sequences = new List<LearningSequence>();
        var next = 1;
        foreach (var segment in segments)
        {
            var sequence = await SequenceAsync(folder, segment, every, next, open, cancellation);
            if (sequence is null)
            {
                await Console.Error.WriteLineAsync($"trafficflow: {segment} was cut, and knows neither times nor detections: it is left out");
                continue;
            }

            next += sequence.Pictures.Count;
            sequences.Add(sequence);
            Console.WriteLine($"{sequence.Name}: {sequence.Pictures.Count} pictures, {sequence.Pictures.Sum(p => p.Boxes?.Count ?? 0)} boxes");
        }

        var set = new LearningSet(LearningSet.FormatOfNow, Environment.MachineName, site, copy, time.GetUtcNow(), until, sequences);
        using (var coco = new MemoryStream())
        {
            CocoText.Write(coco, set);
            FileDraft.Write(Path.Combine(folder, LearningSet.CocoName), coco.ToArray());
        }

        // Last: without it the folder is no set.
        FileDraft.Write(Path.Combine(folder, LearningSet.FileName), JsonSerializer.SerializeToUtf8Bytes(WithoutBoxes(set), s_layout));
        Console.WriteLine($"{folder} is {copy} in the ledger, in clear: destroy it by {until:yyyy-MM-dd HH:mm}Z with all that was made of its pictures, and say so: trafficflow vault end-copy {copy} --reason …");
    }

    /// <summary>Reads corrected labels of a set, and writes scenes for `recipe pack --real`.</summary>
    /// <param name="coco">Null for MOT: SEQUENCE/gt/gt.txt of the set itself.</param>
    public static int Import(string folder, string? coco, string output)
    {
        var set = ReadSet(folder);
        var (labelled, errors) = coco is not null ? ReadCoco(coco, set) : ReadMot(folder, set);
        if (errors.Count > 0) throw new JobFailedException($"nothing was taken over:{Environment.NewLine}{string.Join(Environment.NewLine, errors)}");
        var scenes = NewFolder(output);
        var (pictures, boxes) = (0, 0);
        foreach (var sequence in labelled.Sequences)
        {
            var scene = Path.Combine(scenes, sequence.Name);
            Make(scene);
            var labels = new List<object>();
            foreach (var picture in sequence.Pictures)
            {
                var name = Path.GetFileName(picture.File);
                Copy(InSet(folder, picture.File), Path.Combine(scene, name));
                pictures++;
                if (picture.Boxes is not { } own) continue;
                boxes += own.Count;
                labels.Add(new { file = name, width = sequence.Width, height = sequence.Height, boxes = own.Select(b => new object[] { b.X, b.Y, b.X + b.Width, b.Y + b.Height, LabelClasses.NameOf(b.Class) }) });
            }

            // As the recipe reads it: without it nobody has labelled the scene.
            if (labels.Count > 0) FileDraft.Write(Path.Combine(scene, "labels.json"), JsonSerializer.SerializeToUtf8Bytes(labels));
        }

        Console.WriteLine($"{labelled.Sequences.Count} scenes, {pictures} pictures, {boxes} boxes in {scenes}. They belong to {set.Copy} of {set.Node}: destroy them by {set.Until:yyyy-MM-dd HH:mm}Z");
        Console.WriteLine($"then, in src/TrafficFlow.Training: python3 -m trafficflow_training pack --real {scenes} --pack PACK");
        return ExitCodes.Done;
    }

    private static async Task<LearningSequence?> SequenceAsync(string folder, string segment, int every, int firstId, Func<string, Task<Stream>> open, CancellationToken cancellation)
    {
        var place = SegmentPlace.Parse(segment) ?? throw new JobFailedException($"{segment} is no segment");
        await using var opened = await open(segment);
        using var film = new MemoryStream();
        await opened.CopyToAsync(film, cancellation);
        film.Position = 0;
        if (await SegmentBoxes.FindIndexAsync(film, cancellation) is not { Frames.Count: > 0 } index) return null;
        film.Position = 0;
        var frame = new FrameFormat(index.Width, index.Height, index.FramesPerSecond);
        var name = $"{place.Site}__{place.Camera}__{place.Name.Replace(".", "", StringComparison.Ordinal).Replace(":", "", StringComparison.Ordinal)}";
        foreach (var inner in new[] { name, Path.Combine(name, "img1"), Path.Combine(name, "gt") }) Make(Path.Combine(folder, inner));
        var labels = new FrameLabels(frame);
        var pictures = new List<LearningPicture>();
        await using var frames = await SegmentFrames.OpenAsync(film, new SegmentStart(place.Site, place.Camera, index.Frames[0].Time, frame, "", ""), cancellation);
        var number = 0;
        await foreach (var recorded in frames.ReadAsync(cancellation))
        {
            using (recorded)
            {
                // What nobody looked at has no labels, which is not that nothing was there.
                var isLookedAt = recorded.Indexed is { } known && !known.Marks.HasFlag(IndexedMarks.IsPassedOver);
                var found = isLookedAt ? labels.Of(recorded.Frame.EventTime, recorded.Detections) : null;
                if (number++ % every != 0) continue;
                var file = $"{name}/img1/{pictures.Count + 1:000000}.jpg";
                FileDraft.Write(Path.Combine(folder, file), recorded.ToJpeg());
                pictures.Add(new LearningPicture(firstId + pictures.Count, file, pictures.Count + 1, recorded.Frame.EventTime.ToUniversalTime()) { Boxes = found });
            }
        }

        var sequence = new LearningSequence(name, segment, index.Width, index.Height, index.FramesPerSecond / every, pictures);
        FileDraft.Write(Path.Combine(folder, name, "gt", "gt.txt"), MotLabels.Write(sequence));
        FileDraft.Write(Path.Combine(folder, name, "gt", "labels.txt"), MotLabels.Labels);
        FileDraft.Write(Path.Combine(folder, name, "seqinfo.ini"), MotLabels.Info(sequence));
        return sequence;
    }

    private static LearningSet ReadSet(string folder)
    {
        var file = Path.Combine(folder, LearningSet.FileName);
        try
        {
            if (new FileInfo(file) is { Exists: true, Length: > CocoText.LongestFile }) throw new UsageException($"{file} is larger than any set");
            return JsonSerializer.Deserialize<LearningSet>(File.ReadAllBytes(file), s_layout) is { Format: LearningSet.FormatOfNow, Sequences: not null } set && set.Sequences.All(s => s is { Name: not null, Pictures: not null } && s.Pictures.All(p => p is { File: not null }))
                ? Checked(folder, set) : throw new UsageException($"{file} is no set of this version");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new UsageException($"{folder} is no set for learning ({e.Message.Split(". Path")[0]}): name the folder that trafficflow vault learn export wrote");
        }
    }

    /// <summary>Names become folders and files of the scenes: only those that the export gives are taken, and each once.</summary>
    private static LearningSet Checked(string folder, LearningSet set)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var sequence in set.Sequences)
        {
            if (!IsSequence(sequence.Name) || !taken.Add(sequence.Name)) throw Changed(sequence.Name, "is no folder of a sequence, or is there twice");
            foreach (var inner in new[] { "", "img1", "gt", "gt/gt.txt", "gt/labels.txt" }) RefuseLink(folder, Path.Combine(sequence.Name, inner));
            foreach (var picture in sequence.Pictures)
            {
                if (!IsPicture(picture.File, sequence.Name) || !taken.Add(picture.File)) throw Changed(picture.File, $"is no picture of {sequence.Name}, lies outside of the set, or is there twice");
                RefuseLink(folder, picture.File);
            }
        }

        return set;

        static bool IsSequence(string name) => name.Length is > 0 and <= 255 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');

        static bool IsPicture(string file, string sequence) =>
            file.StartsWith($"{sequence}/img1/", StringComparison.Ordinal) && file[(sequence.Length + "/img1/".Length)..] is { Length: >= 10 and <= 13 } name
            && name.EndsWith(".jpg", StringComparison.Ordinal) && name[..^4].All(char.IsAsciiDigit);
    }

    private static void RefuseLink(string folder, string file)
    {
        if (new FileInfo(Path.TrimEndingDirectorySeparator(Path.Combine(folder, file))).LinkTarget is not null) throw Changed(file, "is a link, which is never followed");
    }

    private static UsageException Changed(string name, string why) =>
        new($"{LearningSet.FileName} names {Core.Texts.PlainText.Of(name, 120)}, which {why}: the set was changed. Take it from where it was exported, or export it anew");

    private static (LearningSet Set, IReadOnlyList<string> Errors) ReadCoco(string file, LearningSet set)
    {
        var (read, errors) = CocoText.Read(Bytes(file, CocoText.LongestFile), set);
        return (read, [.. errors.Select(e => $"{file}: {e}")]);
    }

    private static (LearningSet Set, IReadOnlyList<string> Errors) ReadMot(string folder, LearningSet set)
    {
        var (sequences, errors) = (new List<LearningSequence>(), new List<string>());
        foreach (var sequence in set.Sequences)
        {
            var (gt, names) = (InSet(folder, $"{sequence.Name}/gt/gt.txt"), InSet(folder, $"{sequence.Name}/gt/labels.txt"));
            var (read, wrong) = MotLabels.Read(Text(gt), File.Exists(names) ? Text(names) : null, sequence);
            sequences.Add(read);
            errors.AddRange(wrong.Select(e => $"{gt}:{e}"));
        }

        return (set with { Sequences = sequences }, errors);
    }

    /// <summary>What the set names must lie in its folder.</summary>
    private static string InSet(string folder, string file)
    {
        var (root, path) = (Path.GetFullPath(folder), Path.GetFullPath(Path.Combine(folder, file)));
        return path.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal) && !file.Contains("..", StringComparison.Ordinal) ? path : throw new UsageException($"{LearningSet.FileName} names {Core.Texts.PlainText.Of(file, 120)}, which lies outside of the set: it was changed");
    }

    private static string Text(string file) => System.Text.Encoding.UTF8.GetString(Bytes(file, MotLabels.LongestFile));

    private static byte[] Bytes(string file, int most)
    {
        try
        {
            return new FileInfo(file).Length <= most ? File.ReadAllBytes(file) : throw new UsageException($"{file} has more than {most >> 20} MB, the most of such a file: split it by sequences");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{file} cannot be read ({e.Message})");
        }
    }

    private static void Copy(string from, string to)
    {
        try
        {
            FileDraft.Write(to, File.ReadAllBytes(from));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JobFailedException($"{e.Message}: is the set whole, and is there room for its pictures once more?", e);
        }
    }

    private static void Make(string folder)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Labels stand in the files of labels alone.</summary>
    private static LearningSet WithoutBoxes(LearningSet set) => set with { Sequences = [.. set.Sequences.Select(s => s with { Pictures = [.. s.Pictures.Select(p => p with { Boxes = null })] })] };
}
