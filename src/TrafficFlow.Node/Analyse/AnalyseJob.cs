using TrafficFlow.Analysis.Congestion;
using TrafficFlow.Analysis.Records;
using TrafficFlow.Analysis.Studies;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Export;
using TrafficFlow.Node.Report;
using TrafficFlow.Node.Settings;
using TrafficFlow.Server.Queries;
using TrafficFlow.Server.Tables;
using TrafficFlow.Simulation.Replay;

namespace TrafficFlow.Node.Analyse;

/// <summary>What is to be studied: a site of a server, or trajectories.</summary>
internal sealed record AnalyseInput(string? Site, string? Config, IReadOnlyList<string> Trajectories, string? SiteFile, string? From, string? To)
{
    /// <summary>A study that was made before; null to make one.</summary>
    public string? Study { get; init; }

    /// <summary>By their names.</summary>
    public IReadOnlyList<string> Solvers { get; init; } = [];
}

/// <summary>Makes a study, writes it and its report, and explains it.</summary>
internal sealed class AnalyseJob(
    AnalyseInput input, string? folder, string? controllerLog, string? controllerPhases, string? controllerDevice, string profileName, bool simulates, bool asJson, string language, TimeProvider time)
{
    /// <summary>Of a study; more are told apart better by several.</summary>
    public const int MostDays = 35;

    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        var texts = StudyTexts.Of(language) ?? throw new UsageException($"--language {language}: expected en or ja");
        var profile = ProfileOf(profileName);
        var papers = StudyPapers.In(folder, language, new WeasyPrinter(time));
        var study = input.Study is { } made ? Read(made) : await MakeAsync(texts, profile, cancellation);
        var unprinted = papers is null ? null : await papers.WriteAsync(study, keepsStudy: input.Study is null, cancellation);
        if (asJson)
        {
            await using var output = Console.OpenStandardOutput();
            await output.WriteAsync(StudyFile.ToBytes(study), cancellation);
            await output.WriteAsync("\n"u8.ToArray(), cancellation);
        }
        else
        {
            foreach (var line in new StudyText(texts).Lines(study)) Console.WriteLine(line);
        }

        // What was found is told in any case.
        return unprinted is null ? ExitCodes.Done : throw unprinted;
    }

    private JunctionStudy Read(string file)
    {
        if (input with { Study = null } is not { Site: null, Config: null, SiteFile: null, From: null, To: null } || input.Trajectories.Count > 0 || controllerLog is not null || input.Solvers.Count > 0)
            throw new UsageException("--study reads what was found before: leave out what a new study would be made of");
        try
        {
            return StudyFile.Read(file);
        }
        catch (StudyFileException e)
        {
            throw new JobFailedException(e.Message, e);
        }
    }

    private async Task<JunctionStudy> MakeAsync(StudyTexts texts, CongestionProfile profile, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        // From the settings on, so that a wrong word is told before minutes of reading.
        var (site, read, settings) = Source(now);
        var controller = ControllerOption.Read(controllerLog, controllerPhases, controllerDevice, site);
        await using var solvers = await AskedSolvers.OpenAsync(input.Solvers, settings, time);
        try
        {
            var record = await read(cancellation);
            var options = new StudyOptions(profile, simulates) { Controller = controller, Solvers = solvers.All };
            return await StudyBar.ShowAsync(texts, progress => Task.Run(() => StudyMaker.MakeAsync(record, site, options, now, progress, cancellation), cancellation));
        }
        catch (QueryException e)
        {
            throw new JobFailedException(e.Message, e);
        }
        catch (ReplayScriptException e)
        {
            throw new JobFailedException(e.Message, e);
        }
    }

    private (Site Site, Func<CancellationToken, Task<JunctionRecord>> Read, NodeSettings? Settings) Source(DateTimeOffset now)
    {
        if (input.Trajectories.Count > 0)
        {
            if (input.Site is not null || input.Config is not null) throw new UsageException("--trajectories are studied without a server: leave out --site and --config");
            if (input.SiteFile is null) throw new UsageException("--trajectories need --site-file, whose gates say where vehicles enter and leave");
            if (input.To is not null) throw new UsageException("--trajectories are studied whole: leave out --to");
            var site = SiteSettings.Load(input.SiteFile).Site;
            DateTimeOffset? start = input.From is null ? null : ExportInterval.Parse(input.From, null, site.TimeZone, now).From;
            return (site, cancellation => Task.Run(() => TrajectoryRecord.Read(input.Trajectories, site, start, cancellation), cancellation), null);
        }

        if (input.SiteFile is not null) throw new UsageException("--site-file is of --trajectories; of a server, --config names the site files");
        if (input.Site is null || input.Config is null) throw new UsageException("name a site of a server, --site ID --config FILE, or --trajectories FILES --site-file FILE");
        var (settings, known) = ServerSite.Of(input.Config, input.Site);
        var span = ExportInterval.Aligned(ExportInterval.Parse(input.From, input.To, known.TimeZone, now), BinDuration.OneMinute, new BinAlignment(known.TimeZone));
        if (span.Length > TimeSpan.FromDays(MostDays) + TimeSpan.FromHours(2)) throw new UsageException($"--from and --to are {span.Length.TotalDays:0} days apart, and {MostDays} are the most of one study");
        if (span.From >= now) throw new UsageException($"--from {input.From} lies in the future: nothing of it has been measured");
        // What has not come yet is not unwatched.
        var minute = new BinAlignment(known.TimeZone).Containing(now, BinDuration.OneMinute).From;
        var until = span with { To = span.To < minute ? span.To : minute };
        return (known, cancellation => RecordReader.ReadAsync(ReadTables.Flows(settings.Journal), ReadTables.Journeys(settings.Journal), known, until, cancellation), settings);
    }

    private static CongestionProfile ProfileOf(string name)
    {
        try
        {
            return CongestionProfile.Named(name);
        }
        catch (ArgumentException)
        {
            throw new UsageException($"--profile {name}: {Suggestion.For(name, [.. CongestionProfile.All.Select(p => p.Name)], "there are")}");
        }
    }
}
