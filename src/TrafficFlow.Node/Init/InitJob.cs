using System.Globalization;
using System.Text;
using TrafficFlow.Core.Files;
using TrafficFlow.Core.Frames;
using TrafficFlow.Node.Count.Siteless;
using TrafficFlow.Node.Settings;

namespace TrafficFlow.Node.Init;

/// <summary>Asks for what was not given, tries the cameras, and writes the folder of a node.</summary>
internal sealed class InitJob(InitOptions options)
{
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        if (!options.MayAsk && (options.Site is null || options.Cameras.Count == 0))
            throw new UsageException("there is no terminal to ask on: give --site NAME and --camera NAME=ADDRESS");
        if (options.TimeZone is { } given && TimeZoneProblem(given) is { } wrong) throw new UsageException($"--time-zone: {wrong}");
        using var folder = NewFolder.Of(options.Folder);
        var look = new CameraLook(SiteSettings.LoadDetectors(options.Config), TimeProvider.System);
        var name = (options.Site ?? await InitQuestions.SiteAsync(cancellation)).Trim();
        if (name.Length is 0 or > 200) throw new UsageException("--site is a name of 1 to 200 letters");
        var zone = options.TimeZone ?? (options.MayAsk && options.Site is null ? await InitQuestions.TimeZoneAsync(UsualZone, cancellation) : UsualZone);
        var cameras = await CamerasAsync(look, cancellation);
        var id = IdOf(name, options.Folder);
        var pictures = folder.Make("pictures");
        var ready = new List<SetUpCamera>();
        foreach (var camera in cameras)
            ready.Add(options.Tries ? await look.WatchAsync(camera, options.WatchSeconds, Path.Combine(pictures, $"{camera.Id}.png"), cancellation) : CameraLook.Untried(camera));
        Write(folder, id, name, zone, ready, Detectors());
        Tell(id, ready);
        return ExitCodes.Done;
    }

    /// <returns>Null where it is the name of a time zone.</returns>
    public static string? TimeZoneProblem(string zone)
    {
        if (TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found) && found.HasIanaId) return null;
        var known = TimeZoneInfo.GetSystemTimeZones().Select(z => z.Id).ToList();
        return known.Count < 2
            ? "this machine has no time zone files: apt-get install tzdata"
            : $"\"{zone}\" is not a time zone; {(Suggestion.Nearest(zone, known) is { } nearest ? $"did you mean {nearest}?" : "use an IANA name such as Asia/Tokyo")}";
    }

    private static string UsualZone => TimeZoneInfo.Local.HasIanaId ? TimeZoneInfo.Local.Id : "UTC";

    /// <summary>A name may be written in letters that an identifier does not have.</summary>
    private static string IdOf(string name, string folder) =>
        name.Any(char.IsAsciiLetterOrDigit) ? SettingName.Of(Plain(name)) : SettingName.Of(Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))));

    private static string Plain(string name) => new(
        [.. name.Replace("ß", "ss", StringComparison.Ordinal).Normalize(NormalizationForm.FormD).Where(c => CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark)]);

    private async Task<IReadOnlyList<NewCamera>> CamerasAsync(CameraLook look, CancellationToken cancellation)
    {
        if (options.Cameras.Count == 0) return await InitQuestions.CamerasAsync(c => options.Tries ? look.TryAsync(c, cancellation) : Task.FromResult("not tried"), cancellation);
        var cameras = new List<NewCamera>();
        foreach (var text in options.Cameras) cameras.Add(NewCamera.Parse(text, [.. cameras.Select(c => c.Id)]));
        if (!options.Tries) return cameras;
        var failures = new List<string>();
        foreach (var camera in cameras)
        {
            try
            {
                Console.WriteLine($"{camera.Id}: {await look.TryAsync(camera, cancellation)}");
            }
            catch (FrameSourceException e)
            {
                failures.Add($"{camera.Id}: {e.Message}");
            }
        }

        return failures.Count == 0
            ? cameras
            : throw new JobFailedException($"{string.Join("; ", failures)}. Nothing was written; --no-try writes the files without opening cameras");
    }

    /// <summary>What --config has otherwise than the program: without it the node would look with another detector than was tried here.</summary>
    private IReadOnlyList<string> Detectors()
    {
        if (options.Config is not { } config) return [];
        var (given, usual) = (SiteSettings.LoadDetectors(config), SiteSettings.LoadDetectors(CommonFile.Shipped));
        var own = given.ByName.Values.Where(d => usual.ByName.GetValueOrDefault(d.Name) is not { } known || Text(known) != Text(d)).ToList();
        List<string> lines = [.. ProposedDetectors.Lines(own).Where(l => !l.StartsWith('#'))];
        if (given.Default != usual.Default) lines.Add($"default-detector = {given.Default}");
        return lines;

        static string Text(DetectorSettings detector) => string.Join('\n', ProposedDetectors.Lines([detector]));
    }

    private static void Write(NewFolder folder, string id, string name, string zone, IReadOnlyList<SetUpCamera> cameras, IReadOnlyList<string> detectors)
    {
        try
        {
            var node = Path.Combine(folder.Path, "node.conf");
            FileDraft.Write(node, NewSiteFiles.Node(id, detectors));
            FileDraft.Write(Path.Combine(folder.Make("sites"), $"{id}.conf"), NewSiteFiles.Site(id, name, zone, cameras));
            foreach (var camera in cameras.Where(c => c.Camera.HasSecret)) FileDraft.Write(Path.Combine(folder.Make("secrets"), NewSiteFiles.SecretName(camera.Camera)), NewSiteFiles.Secret(camera.Camera));
            folder.Make("data");
            // What was written is read by the same rules as what people write.
            _ = NodeSettings.Load(node);
            folder.Move();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JobFailedException($"the files cannot be written ({e.Message}): free some space, or choose another folder", e);
        }
    }

    private void Tell(string id, IReadOnlyList<SetUpCamera> cameras)
    {
        var folder = options.Folder;
        foreach (var camera in cameras)
        {
            var gates = camera.Proposal.Gates;
            if (gates.Count == 0) Console.WriteLine($"{camera.Camera.Id}: no gates were proposed: {camera.Problem}. All that passes the middle of its picture is counted: longer --watch finds better gates, or lay your own");
            else Console.WriteLine($"{camera.Camera.Id}: {gates.Count} {(gates.Count == 1 ? "gate" : "gates")} ({string.Join(", ", gates.Select(g => g.IsDoubtful ? $"{g.Gate.Id}, doubtful" : g.Gate.Id.Value))}): look at {Path.Combine(folder, "pictures", $"{camera.Camera.Id}.png")}");
        }

        var node = Path.Combine(folder, "node.conf");
        var approach = cameras.SelectMany(c => c.Proposal.Approaches.Select(a => cameras.Count == 1 ? a.Id.Value : $"{c.Camera.Id}-{a.Id}")).FirstOrDefault() ?? "APPROACH";
        Console.WriteLine($"Written: {node}; cameras and gates in {Path.Combine(folder, "sites", $"{id}.conf")}");
        Console.WriteLine($"Check:   trafficflow run --check --config {node}");
        Console.WriteLine($"Run:     trafficflow run --config {node}");
        Console.WriteLine($"Watch:   trafficflow watch flow.{id}.{approach}.live --config {node}");
    }
}
