using TrafficFlow.Node.Settings.HoconParsing;
using TrafficFlow.Simulation.Replay;
using TrafficFlow.Synthetic;
using TrafficFlow.Vision.Ffmpeg;

namespace TrafficFlow.Node.Settings.Sites;

/// <summary>Where a camera's picture comes from.</summary>
internal static class SourceAddress
{
    private const string Kinds = "use rtsp://, http://, https://, a video file, /dev/videoN, synthetic:NAME or replay:NAME";

    private static readonly string[] Schemes = ["rtsp", "http", "https"];

    /// <summary>A relative file becomes absolute, from the folder of the site file; everything else stays as it is.</summary>
    public static string Resolve(SettingsReader reader, string source)
    {
        if (ReplaySource.IsReplay(source)) return ResolveReplay(reader, source);
        var scheme = source.IndexOf("://", StringComparison.Ordinal) is var end and > 0 ? source[..end].ToLowerInvariant() : null;
        if (scheme == "rtsps")
        {
            reader.Problem("source", $"{WithoutCredentials(source)} cannot be opened", FfmpegDiagnosis.SrtpRemedy);
        }
        else if (scheme is not null && !Schemes.Contains(scheme))
        {
            reader.Problem("source", $"{scheme}:// is not supported", scheme == "file" ? "write the path without file://" : Kinds);
        }
        else if (scheme is not null)
        {
            if (UserInfo.Fault(source) is { } fault)
            {
                reader.Problem("source", $"{WithoutCredentials(source)}: {fault.Problem}", fault.Remedy);
            }
            else if (!Uri.TryCreate(source, UriKind.Absolute, out var address) || address.Host.Length == 0)
            {
                reader.Problem("source", $"{WithoutCredentials(source)} is not an address",
                    "write rtsp://HOST/PATH; percent-encode :, / and @ in a password");
            }
        }
        else if (SyntheticSource.IsSynthetic(source))
        {
            if (!SyntheticSource.IsValid(source)) reader.Problem("source", $"{source} is no synthetic camera", SyntheticSource.Form);
        }
        else
        {
            return Path.GetFullPath(Path.Combine(FolderOf(reader), source));
        }

        return source;
    }

    /// <returns>What is wrong with an address that stands in no file yet, and what to do; null where nothing is.</returns>
    public static string? Check(string source)
    {
        var problems = new List<SettingsProblem>();
        Resolve(new SettingsReader(new ConfSection(new Origin(Path.Combine(Environment.CurrentDirectory, "site.conf"), 1)), "", problems), source);
        return problems.Count == 0 ? null : $"{problems[0].Text}; {problems[0].Remedy}";
    }

    private static string ResolveReplay(SettingsReader reader, string source)
    {
        var resolved = ReplaySource.ResolveFolder(source, FolderOf(reader));
        if (!ReplaySource.TryParse(resolved, out var replay, out var fault)) reader.Problem("source", $"{source} {fault}", ReplaySource.Form);
        else if (replay.Folder is { } folder && !Directory.Exists(folder))
            reader.Problem("source", $"there is no folder {folder}", "name a folder of trajectory files, or write replay:simulation");
        return resolved;
    }

    private static string FolderOf(SettingsReader reader) => (reader.Find("source")?.Origin ?? reader.Origin).Folder;

    /// <summary>
    /// The source without what must not be kept: user, password and the query, which may hold them too. Passwords that hold / or @ in the
    /// clear are cut as well.
    /// </summary>
    public static string WithoutCredentials(string source)
    {
        var scheme = source.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0) return source;
        var rest = source[(scheme + 3)..];
        rest = rest[(rest.LastIndexOf('@') + 1)..];
        var query = rest.IndexOfAny(['?', '#']);
        return source[..(scheme + 3)].ToLowerInvariant() + (query < 0 ? rest : rest[..query]);
    }
}
