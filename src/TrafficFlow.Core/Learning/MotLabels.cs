using System.Globalization;
using TrafficFlow.Core.Scoring.Mot;
using TrafficFlow.Core.Texts;

namespace TrafficFlow.Core.Learning;

/// <summary>
/// Labels of a sequence as gt/gt.txt of the MOT challenge: frame, id, left, top, width, height, 1 (0 is not to be judged), class, visibility; frames, ids and pixels count from 1. Classes are lines of gt/labels.txt, since those of
/// the challenge know no vans, lorries and buses; CVAT writes and reads that too. What is followed by no track is not in it.
/// </summary>
public static class MotLabels
{
    /// <summary>Bytes of a file that is read.</summary>
    public const int LongestFile = 64 * 1024 * 1024;

    private const int MostErrors = 50;
    private const int ClassField = 7;

    public static string Labels => string.Concat(LabelClasses.Names.Select(n => n + "\n"));

    public static string Write(LearningSequence sequence) => string.Concat(
        from picture in sequence.Pictures
        from box in picture.Boxes ?? []
        where box.Track is not null
        orderby box.Track, picture.Frame
        select string.Create(CultureInfo.InvariantCulture, $"{picture.Frame},{box.Track},{box.X + 1:0.##},{box.Y + 1:0.##},{box.Width:0.##},{box.Height:0.##},1,{box.Class},1\n"));

    /// <summary>seqinfo.ini of a sequence.</summary>
    public static string Info(LearningSequence sequence) => string.Create(
        CultureInfo.InvariantCulture,
        $"[Sequence]\nname={sequence.Name}\nimDir=img1\nframeRate={sequence.FramesPerSecond:0.###}\nseqLength={sequence.Pictures.Count}\nimWidth={sequence.Width}\nimHeight={sequence.Height}\nimExt=.jpg\n");

    /// <summary>Reads labels of a sequence that were corrected.</summary>
    /// <param name="gt">Text of gt.txt.</param>
    /// <param name="labels">Text of labels.txt beside it; null takes the classes as they were written.</param>
    /// <returns>The sequence with these labels, and what is wrong, each with its line; at most 50 of them.</returns>
    public static (LearningSequence Sequence, IReadOnlyList<string> Errors) Read(string gt, string? labels, LearningSequence sequence)
    {
        var names = (labels ?? Labels).Split('\n').Select(n => n.Trim()).Where(n => n.Length > 0).ToList();
        if (names.FirstOrDefault(n => LabelClasses.Find(n) == 0) is { } unknown) return (sequence, [$"labels.txt: \"{PlainText.Of(unknown, 60)}\" is unknown; there are {string.Join(", ", LabelClasses.Names)}"]);
        var lines = gt.Split('\n');
        var (rows, malformed) = MotText.Read(lines);
        var errors = new List<string>(malformed.Take(MostErrors));
        if (errors.Count == 0) errors.AddRange(MotText.ErrorsOfTracks(rows).Take(MostErrors));
        var boxes = sequence.Pictures.ToDictionary(p => p.Frame, _ => new List<LabelBox>());
        foreach (var row in rows)
        {
            if (errors.Count >= MostErrors) break;
            // Not to be judged.
            if (row.Confidence == 0) continue;
            var fields = lines[row.Line - 1].Split(',');
            var box = new LabelBox(0, row.Box.Left - 1, row.Box.Top - 1, row.Box.Width, row.Box.Height, row.Id);
            if (!boxes.TryGetValue(row.Frame, out var found)) errors.Add($"{row.Line}: frame {row.Frame} is no picture of {sequence.Name}, which has {sequence.Pictures.Count}");
            else if (fields.Length <= ClassField || !int.TryParse(fields[ClassField], NumberStyles.None, CultureInfo.InvariantCulture, out var of) || of < 1 || of > names.Count)
                errors.Add($"{row.Line}: class is \"{PlainText.Of(fields.Length > ClassField ? fields[ClassField].Trim() : "", 40)}\"; it is a line of labels.txt, 1 to {names.Count}");
            else if (box is not { Width: > 0, Height: > 0 }) errors.Add($"{row.Line}: the box has no size");
            else if (CocoText.Outside(box, sequence)) errors.Add(string.Create(CultureInfo.InvariantCulture, $"{row.Line}: the box {row.Box.Left:0.#}, {row.Box.Top:0.#}, {row.Box.Width:0.#} x {row.Box.Height:0.#} lies outside of the picture of {sequence.Width}x{sequence.Height}"));
            else found.Add(box with { Class = LabelClasses.Find(names[of - 1]) });
        }

        return (sequence with { Pictures = [.. sequence.Pictures.Select(p => p with { Boxes = boxes[p.Frame] })] }, errors);
    }
}
