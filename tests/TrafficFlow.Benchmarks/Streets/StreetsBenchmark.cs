using System.Globalization;
using TrafficFlow.Core.Detection;
using TrafficFlow.Node.Settings;
using TrafficFlow.SystemTests.Accuracy.Streets;
using TrafficFlow.Vision.Onnx;

namespace TrafficFlow.Benchmarks.Streets;

/// <summary>How right the count is on streets that nobody tuned to: random poles, lights and traffic.</summary>
internal sealed class StreetsBenchmark : IBenchmark
{
    /// <summary>Development looks at smaller seeds only: from here on they are the test.</summary>
    private const int FirstTestSeed = 1000;

    private const int QuickSeconds = 30;

    public string Name => "streets";

    public string Description =>
        """
        Random views of the simulated street (`synthetic:view?view=SEED`): a pole somewhere, its lens, light, traffic and frame rate; gates lie across the
        carriageways that it sees well enough. Each film is painted, detected, tracked and counted as `count` does, and matched one to one
        within 1 s of when the middle of the true box's lower edge crosses the line (who stands on the line: from when it came to when it went). Who is
        hidden all along there, passes the gate's end or stands astride it at the film's edge may be counted or not.
          precision, recall                   by day, sunny and cloudy: at least 0.985
          dark_precision, dark_recall         dusk, night and rain: at least 0.96
          people_precision, people_recall     the films by day with people, cyclists and parked vehicles: no more than 0.005 below those without
          hard_precision, hard_recall         by day, with a swaying pole and compression to few bits
          queue_extra                         3 minutes beside long reds: crossings too many; 0
          class_right_percent                 of those whose class was named; at least 90
          speed_mean_kmh, speed_mae_kmh       counted less true; and its mean size
        Development looks at seeds below 1000; those from 1000 on are the test: --seed 1000.
        """;

    public IReadOnlyDictionary<string, string> Options { get; } = new Dictionary<string, string>
    {
        ["--seed"] = "N    the first view; 1 when not told",
        ["--views"] = "N    films by day, as many in the dark, with people and of the hard ones, and a third as many queues; 60 when not told",
        ["--only"] = "A,B    only these groups: day, dark, people, hard, queue",
        ["--seconds"] = "S    length of a film; 60 when not told, queues are always 180",
        ["--model"] = "FILE    detect with this ONNX model",
        ["--detector"] = "NAME    motion, or another one of the shipped settings; `default` when not told",
        ["--threshold"] = "X    score from which a detection is sure",
        ["--keep"] = "FOLDER    keep what was detected there, and use what is kept",
        ["--from"] = "FOLDER    track and count all that is kept there, without painting or detecting anything",
        ["--strips"] = "FOLDER    write a strip of pictures around each missed and each extra crossing",
        ["--sheet"] = "FILE.png    only paint one picture of each film with its gates, all in one sheet",
    };

    public Task<Figures> RunAsync(bool isQuick, CancellationToken cancellation) => RunAsync(isQuick, new Dictionary<string, string>(), cancellation);

    public async Task<Figures> RunAsync(bool isQuick, IReadOnlyDictionary<string, string> options, CancellationToken cancellation)
    {
        var cases = Cases(isQuick, options);
        if (options.TryGetValue("--sheet", out var sheet)) return await StreetSheet.WriteAsync(sheet, cases, cancellation);
        var scores = options.TryGetValue("--from", out var from) ? Kept(from, options) : await PlayAsync(cases, options, cancellation);
        var tallies = StreetCases.Groups.ToDictionary(g => g, _ => new StreetTally());
        var all = new StreetTally();
        foreach (var score in scores)
        {
            tallies[score.Film.Case.Group].Add(score);
            all.Add(score);
            if (options.TryGetValue("--strips", out var strips)) await StreetStrips.WriteAsync(strips, score, cancellation);
        }

        var (day, dark, people, hard, queue) = (tallies["day"], tallies["dark"], tallies["people"], tallies["hard"], tallies["queue"]);
        var errors = all.SpeedErrorsKmh.ToList();
        return new Figures()
            .Add("views", all.Films)
            .Add("vehicles", all.Right + all.Missed)
            .Add("precision", day.Precision, 4)
            .Add("recall", day.Recall, 4)
            .Add("dark_precision", dark.Precision, 4)
            .Add("dark_recall", dark.Recall, 4)
            .Add("people_precision", people.Precision, 4)
            .Add("people_recall", people.Recall, 4)
            .Add("hard_precision", hard.Precision, 4)
            .Add("hard_recall", hard.Recall, 4)
            .Add("queue_films", queue.Films)
            .Add("queue_extra", queue.Extra)
            .Add("queue_missed", queue.Missed)
            .Add("class_right_percent", all.ClassRightPercent, 1)
            .Add("speed_mean_kmh", errors.DefaultIfEmpty(double.NaN).Average(), 2)
            .Add("speed_mae_kmh", errors.Select(Math.Abs).DefaultIfEmpty(double.NaN).Average(), 2);
    }

    private static List<StreetCase> Cases(bool isQuick, IReadOnlyDictionary<string, string> options)
    {
        var seed = Whole("--seed", 1);
        var groups = options.TryGetValue("--only", out var only) ? only.Split(',') : [.. StreetCases.Groups];
        if (groups.FirstOrDefault(g => !StreetCases.Groups.Contains(g)) is { } wrong)
            throw new BenchmarkException(BenchmarkException.CannotRun, $"--only {wrong}: there are {string.Join(", ", StreetCases.Groups)}");
        if (seed >= FirstTestSeed) Console.Error.WriteLine("these views are the test: change nothing by what you see here");
        if (!isQuick || options.ContainsKey("--views"))
            return [.. groups.SelectMany(g => StreetCases.Of(g, seed, Whole("--views", 60), Whole("--seconds", isQuick ? QuickSeconds : StreetCases.FilmSeconds)))];
        // Six films within a minute: four by day, two in the dark.
        return [.. StreetCases.Of("day", seed, 4, QuickSeconds), .. StreetCases.Of("dark", seed, 2, QuickSeconds)];

        int Whole(string key, int fallback) => options.WholeNumber(key) ?? fallback;
    }

    private static async Task<IEnumerable<StreetScore>> PlayAsync(List<StreetCase> cases, IReadOnlyDictionary<string, string> options, CancellationToken cancellation)
    {
        var detectors = Catalog(options);
        var keep = options.GetValueOrDefault("--keep");
        var kept = keep is null ? [] : StreetFilm.KeptIn(keep).ToHashSet();
        var scores = new StreetScore[cases.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = cancellation };
        try
        {
            await Parallel.ForAsync(0, cases.Count, parallel, PlayOneAsync);
        }
        catch (DetectorException e)
        {
            throw new BenchmarkException(BenchmarkException.CannotRun, e.Message);
        }

        return scores;

        async ValueTask PlayOneAsync(int i, CancellationToken stop)
        {
            var film = kept.Contains(cases[i].Name) && StreetFilm.Read(keep!, cases[i].Name) is var read && read.Case == cases[i] ? read : null;
            if (film is null)
            {
                film = await Task.Run(() => StreetFilm.DetectAsync(cases[i], detectors, stop), stop);
                if (keep is not null) film.Keep(keep);
            }

            scores[i] = StreetScore.Of(film);
            Tell(scores[i]);
        }
    }

    private static List<StreetScore> Kept(string folder, IReadOnlyDictionary<string, string> options)
    {
        var names = StreetFilm.KeptIn(folder).ToList();
        if (names.Count == 0) throw new BenchmarkException(BenchmarkException.CannotRun, $"--from {folder}: nothing is kept there; --keep {folder} fills it");
        var scores = new StreetScore[names.Count];
        Parallel.For(0, names.Count, i =>
        {
            var film = StreetFilm.Read(folder, names[i]);
            scores[i] = StreetScore.Of(film, Threshold(options) is { } sure ? film.Found.Scores with { High = sure, New = sure } : null);
        });
        var wanted = options.TryGetValue("--only", out var only) ? only.Split(',') : [.. StreetCases.Groups];
        var chosen = scores.Where(s => wanted.Contains(s.Film.Case.Group)).OrderBy(s => s.Film.Case.Group, StringComparer.Ordinal).ThenBy(s => s.Film.Case.View).ToList();
        chosen.ForEach(Tell);
        return chosen;
    }

    private static DetectorCatalog Catalog(IReadOnlyDictionary<string, string> options)
    {
        if (!options.TryGetValue("--model", out var model))
        {
            var shipped = SiteSettings.LoadDetectors(null);
            var named = options.TryGetValue("--detector", out var name) ? shipped with { Default = shipped.Resolve(name).Name } : shipped;
            if (Threshold(options) is not { } sure) return named;
            var entry = named.ByName[named.Default];
            if (entry.Model is null) throw new BenchmarkException(BenchmarkException.CannotRun, $"--threshold: the detector {entry.Name} has none");
            return named with { ByName = new Dictionary<string, DetectorSettings>(named.ByName) { [entry.Name] = entry with { Model = entry.Model with { Threshold = sure } } } };
        }

        if (!File.Exists(model)) throw new BenchmarkException(BenchmarkException.CannotRun, $"--model {model}: there is no such file");
        var given = Path.GetFileNameWithoutExtension(model);
        return new DetectorCatalog(given, new Dictionary<string, DetectorSettings>
        {
            // Two films at a time: more threads for one picture would only be in each other's way.
            [given] = new(given, DetectorKind.Onnx, new OnnxModelSettings(given, Path.GetFullPath(model), Threshold: Threshold(options), Threads: 1)),
        });
    }

    private static float? Threshold(IReadOnlyDictionary<string, string> options) => !options.TryGetValue("--threshold", out var text) ? null
        : float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value is > 0 and < 1 ? value
        : throw new BenchmarkException(BenchmarkException.CannotRun, $"--threshold is \"{text}\": it lies between 0 and 1");

    private static void Tell(StreetScore score)
    {
        var c = score.Film.Case;
        var optional = score.Film.Truth.Count(t => t.IsOptional);
        Console.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{c.Name,-10} {c.Light,-6} {c.Trouble,-8} {c.Frame.Width}x{c.Frame.Height} at {c.Frame.FramesPerSecond,4}: {score.Right + score.Missed.Count,3} true (+{optional} optional), {score.Right + score.Extra.Count,3} counted, {score.Missed.Count} missed, {score.Extra.Count} extra{Places(score)}"));
    }

    private static string Places(StreetScore score)
    {
        var missed = score.Missed.Select(m => FormattableString.Invariant($"-{m.Gate} {m.Class} {m.TimeSeconds:0.0}s"));
        var extra = score.Extra.Select(e => FormattableString.Invariant($"+{e.Gate} {e.Direction} track {e.Track} {StreetScore.Seconds(e):0.0}s"));
        var all = missed.Concat(extra).ToList();
        return all.Count == 0 ? "" : $" ({string.Join("; ", all.Take(8))}{(all.Count > 8 ? "; …" : "")})";
    }
}
