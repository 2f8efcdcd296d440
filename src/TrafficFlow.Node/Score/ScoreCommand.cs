using System.CommandLine;
using Spectre.Console;
using TrafficFlow.Core.Scoring;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Texts;

namespace TrafficFlow.Node.Score;

/// <summary>`trafficflow score`: a count against its truth, crossing by crossing.</summary>
public static class ScoreCommand
{
    /// <summary>Seconds, as <c>--tolerance</c>.</summary>
    internal const double UsualTolerance = 0.8;

    /// <summary>Seconds, as <c>--segment</c>.</summary>
    internal const double UsualSegment = 60;

    public static Command Create()
    {
        var truth = new Option<string[]>("--truth")
        {
            Description = "What really passed: CSV with gate,direction,time_s,class,size,optional and, where you have them, colour,movement,lighting,"
                + "speed_kmh. An empty cell was not judged; optional = 1 may be counted or not; movement is FROM->TO by gates. Repeat it with --counted for several recordings. With --tracks: true boxes in MOT form, "
                + "frame,id,left,top,width,height,judged, where judged = 0 leaves the box out; or a folder of SEQUENCE/gt.txt.",
            HelpName = "FILE|FOLDER",
            Required = true,
        };
        var counted = new Option<string[]>("--counted")
        {
            Description = "What was counted: the crossings.csv that `count` writes, for the --truth in the same place.",
            HelpName = "FILE",
        };
        var tracks = new Option<string[]>("--tracks")
        {
            Description = "Instead of --counted: what a tracker found, in MOT form, for the --truth in the same place; or a folder of SEQUENCE.txt or "
                + "SEQUENCE/test.txt. Gives HOTA, MOTA, IDF1 and their parts for each sequence and for all combined.",
            HelpName = "FILE|FOLDER",
        };
        var ignoreAbove = new Option<double?>("--ignore-above")
        {
            Description = "With --tracks: leave out boxes, true and found, whose centre lies above this row of pixels.",
            HelpName = "PIXELS",
        };
        var picture = new Option<string?>("--picture") { Description = "Draw the scores into this file, too.", HelpName = "FILE.png" };
        var tolerance = new Option<double>("--tolerance")
        {
            Description = "How far a counted crossing may lie from the true one, earlier or later, in seconds.",
            HelpName = "SECONDS",
            DefaultValueFactory = _ => UsualTolerance,
        };
        var seconds = new Option<double[]>("--seconds")
        {
            Description = "Length of the recording, for hourly volumes (GEH); once for each pair. Without it the last row's time counts.",
            HelpName = "SECONDS",
        };
        var segment = new Option<double>("--segment")
        {
            Description = "Also compare the counts of stretches of this many seconds, in which errors do not cancel out.",
            HelpName = "SECONDS",
            DefaultValueFactory = _ => UsualSegment,
        };
        var camera = new Option<string?>("--camera")
        {
            Description = "Only the rows of this camera, where a counted file holds several.",
            HelpName = "ID",
        };
        var json = new Option<bool>("--json") { Description = "One JSON object on standard output, for programs." };
        var command = new Verb(
            "score",
            "Compares a count or tracks with the truth: precision, recall, GEH, confusion and each missed or extra row; HOTA, MOTA, IDF1.",
            "trafficflow score --truth truth.csv --counted out/crossings.csv",
            "trafficflow score --truth a.csv --counted a/crossings.csv --truth b.csv --counted b/crossings.csv --json",
            "trafficflow score --truth gt.txt --tracks tracks.txt --picture score.png")
        {
            truth, counted, tracks, tolerance, seconds, segment, camera, ignoreAbove, picture, json,
        };
        command.Details =
        [
            "In the tables: missed, true crossings that nobody counted; extra, counted ones that are none; aside, counted ones of vehicles that the truth",
            "calls optional, neither right nor wrong; GEH, the traffic engineers' measure of two hourly volumes, good below 5; mean |s| and max |s|, seconds",
            "between a counted crossing and its true one, earlier or later, on average and at most.",
            "",
            "CSV with semicolons and decimal commas, as Excel writes it in Germany or France, is read as well.",
        ];
        command.SetAction(p =>
        {
            PictureFile.Check(p.GetValue(picture));
            var (ofCounts, ofTracks) = (p.GetValue(counted) ?? [], p.GetValue(tracks) ?? []);
            if ((ofCounts.Length == 0) == (ofTracks.Length == 0))
                throw new UsageException("give either --counted FILE, to score counts, or --tracks FILE, to score tracks");
            if (ofTracks.Length > 0)
            {
                Refuse("--tracks", p, tolerance, seconds, segment, camera);
                return RunTracks(
                    MotFiles.Pairs(p.GetRequiredValue(truth), ofTracks), p.GetValue(ignoreAbove), p.GetValue(picture), p.GetValue(json));
            }

            Refuse("--counted", p, ignoreAbove);
            return Run(
                Pairs(p.GetRequiredValue(truth), ofCounts, p.GetValue(seconds) ?? []),
                p.GetValue(tolerance),
                p.GetValue(segment),
                p.GetValue(camera),
                p.GetValue(picture),
                p.GetValue(json));
        });
        return command;
    }

    private static void Refuse(string with, ParseResult parsed, params IReadOnlyList<Option> options)
    {
        if (options.FirstOrDefault(o => parsed.GetResult(o) is { Implicit: false }) is { } meaningless)
            throw new UsageException($"{meaningless.Name} means nothing with {with}; leave it out");
    }

    private static int RunTracks(IReadOnlyList<TrackPair> pairs, double? ignoreAbove, string? picture, bool asJson)
    {
        if (ignoreAbove is { } row && !double.IsFinite(row)) throw new UsageException("--ignore-above is a number of pixels from the top");
        var scores = new TrackScores(pairs, ignoreAbove);
        if (picture is not null) TrackPicture.Save(scores, picture);
        if (asJson) Console.WriteLine(scores.ToJson());
        else scores.WriteTable(AnsiConsole.Console);
        return ExitCodes.Done;
    }

    private static int Run(
        IReadOnlyList<RecordingPair> pairs, double tolerance, double segment, string? camera, string? picture, bool asJson)
    {
        if (!double.IsFinite(segment) || segment < 1) throw new UsageException("--segment is a number of seconds, 1 or more");
        if (!double.IsFinite(tolerance) || tolerance < 0) throw new UsageException("--tolerance is a number of seconds, 0 or more");
        var scores = pairs
            .Select(pair => Score(pair, tolerance, camera))
            .ToList();
        if (picture is not null) CountPicture.Save(scores, segment, picture);
        if (asJson)
        {
            Console.WriteLine(ScoreJson.Write(scores, tolerance, segment));
        }
        else
        {
            ScoreTables.Write(AnsiConsole.Console, scores, segment);
        }

        return ExitCodes.Done;
    }

    /// <exception cref="UsageException">The two tell of different gates: each crossing would be a miss or an extra, which says nothing.</exception>
    internal static RecordingScore Score(RecordingPair pair, double tolerance, string? camera)
    {
        var truth = CrossingFiles.ReadTruth(pair.TruthFile);
        var counted = CrossingFiles.ReadCounted(pair.CountedFile, camera);
        var (there, here) = (truth.Select(t => t.Gate).ToHashSet(), counted.Select(c => c.Gate).ToHashSet());
        if (there.Count > 0 && here.Count > 0 && !there.Overlaps(here))
        {
            throw new UsageException(
                $"{pair.TruthFile} and {pair.CountedFile} have no gate in common ({Named(there)}; {Named(here)}): are they of the same site file? Count with the site file that was marked, or rename the gates");
        }

        return new RecordingScore(pair, Scorer.Score(truth, counted, tolerance, pair.Seconds) with { Degraded = CountedScene.Beside(pair.CountedFile) });

        static string Named(IEnumerable<GateId> gates) => PlainText.Of(string.Join(", ", gates.Select(g => g.Value).Order(StringComparer.Ordinal)), 60);
    }

    private static List<RecordingPair> Pairs(string[] truth, string[] counted, double[] seconds)
    {
        if (truth.Length != counted.Length)
        {
            throw new UsageException($"--truth is given {truth.Length} times and --counted {counted.Length} times; they go in pairs");
        }

        if (seconds.Length != 0 && seconds.Length != truth.Length)
        {
            throw new UsageException($"--seconds is given {seconds.Length} times for {truth.Length} pairs; give it once for each");
        }

        if (seconds.Any(s => !double.IsFinite(s) || s <= 0)) throw new UsageException("--seconds is more than 0");
        var absent = truth.Concat(counted).Where(f => !File.Exists(f)).ToList();
        if (absent.Count > 0) throw new UsageException($"no such file: {string.Join(", ", absent)}");
        return [.. truth.Select((t, i) => new RecordingPair(t, counted[i], seconds.Length == 0 ? null : seconds[i]))];
    }
}

/// <summary>A recording's truth and count, as named on the command line.</summary>
public sealed record RecordingPair(string TruthFile, string CountedFile, double? Seconds);

public sealed record RecordingScore(RecordingPair Pair, CountScore Score)
{
    public string Name => Path.GetFileNameWithoutExtension(Pair.TruthFile);
}
