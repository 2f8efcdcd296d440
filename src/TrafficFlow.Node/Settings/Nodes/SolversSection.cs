using TrafficFlow.Analysis.Optimisation;
using TrafficFlow.Core.Sites;
using TrafficFlow.Web.Feeds;

namespace TrafficFlow.Node.Settings.Nodes;

/// <summary>Reads trafficflow.analysis.solvers: one section for each solver elsewhere, by its name. Those of our own need none.</summary>
internal static class SolversSection
{
    private const int MostSolvers = 16;
    private const int JobsPerDayUsually = 100;
    private const string UrlRemedy = "write https://…, such as https://na-west-1.cloud.dwavesys.com/sapi/v2/; http:// is for a solver on this machine alone (127.0.0.1, localhost)";
    private static readonly TimeSpan s_timeOut = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan s_searchTime = TimeSpan.FromSeconds(1);

    private static readonly IReadOnlyList<string> s_kinds = [.. Enum.GetValues<SolverKind>().Where(k => k.IsRemote()).Select(k => k.NameOf())];

    public static IReadOnlyList<ConfiguredSolver> Read(SettingsReader? solvers)
    {
        if (solvers is null) return [];
        var read = new List<ConfiguredSolver>();
        foreach (var (name, reader) in solvers.Named())
        {
            if (!NameRule.IsChosen(name)) solvers.Problem(name, "is no name of a solver", NameRule.Remedy);
            else if (SolverKinds.Parse(name) is { } own && !own.IsRemote()) solvers.Problem(name, "is the name of one of the program's own solvers", "choose another name");
            else if (Read(name, reader) is { } solver) read.Add(solver);
        }

        if (read.Count > MostSolvers) solvers.Problem(read[MostSolvers].Name, $"is one of {read.Count} solvers, and {MostSolvers} are the most", "take out those that nobody asks");
        return read;
    }

    private static ConfiguredSolver? Read(string name, SettingsReader solver)
    {
        var text = solver.Text("kind", $"set one of {string.Join(", ", s_kinds)}");
        var kind = s_kinds.Contains(text) ? SolverKinds.Parse(text) : null;
        if (text.Length > 0 && kind is null) solver.Problem("kind", $"there is no service of kind \"{text}\"", Suggestion.For(text, s_kinds, "kinds"));
        var url = ReadUrl(solver);
        var which = solver.OptionalText("solver");
        if (kind is SolverKind.DWave or SolverKind.DWaveHybrid && which is null) solver.Problem("solver", "is missing", "write which of D-Wave's solvers, such as Advantage_system4.1");
        if (kind is not (null or SolverKind.DWave or SolverKind.DWaveHybrid) && which is not null) solver.Problem("solver", "is for D-Wave's alone", "take it out");
        if (which is not null && (which.Length > 100 || which.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-' or '.')))) solver.Problem("solver", "is no name of a solver", "write letters, figures, . _ and -");
        var read = (
            Token: ReadToken(solver),
            TimeOut: solver.Has("time-out") ? solver.Duration("time-out", TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)) : s_timeOut,
            Search: solver.Has("search-time") ? solver.Duration("search-time", TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1)) : s_searchTime,
            Jobs: solver.OptionalWhole("jobs-per-day", 0, 100_000, "jobs") ?? JobsPerDayUsually,
            Price: solver.OptionalNumber("price-per-second", 0, 1_000_000, "of any currency"));
        solver.RefuseUnknown();
        return kind is null || url is null ? null : new ConfiguredSolver(name, kind.Value, url, which, read.Token, read.TimeOut, read.Search, read.Jobs, (decimal?)read.Price);
    }

    private static Uri? ReadUrl(SettingsReader solver)
    {
        var text = solver.Text("url", UrlRemedy);
        if (text.Length == 0) return null;
        var why = !Uri.TryCreate(text, UriKind.Absolute, out var url) ? "is no web address"
            : url.Query.Length > 0 || url.Fragment.Length > 0 ? "has a ? or a # in it"
            : FeedAddress.WhyNot(url);
        if (why is null) return url;
        solver.Problem("url", $"\"{Redaction.Of(text)}\" {why}", UrlRemedy);
        return null;
    }

    private static string? ReadToken(SettingsReader solver)
    {
        if (solver.Has("token")) solver.Problem("token", "would stand in a file that many read", "write it into a file that the node's account alone reads, and name that as token-file");
        if (solver.OptionalText("token-file") is not { } file) return null;
        var path = UnitCredential.Find(Path.GetFullPath(Path.Combine(solver.Find("token-file")!.Origin.Folder, file)));
        if (JournalSection.WhatIsWrongWithFile(path) is var (wrong, _))
            solver.Problem("token-file", wrong, File.Exists(path) ? $"chmod 640 {path}, or 600" : UnitCredential.Remedy(path) ?? "write the token into its first line; the name is relative to this file");
        return path;
    }
}
