using System.Text;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Sites.Editing;
using TrafficFlow.Core.Texts;
using TrafficFlow.Node.Settings;
using TrafficFlow.Node.Settings.HoconParsing;
using TrafficFlow.Web.Pages.Editor;

namespace TrafficFlow.Node.SiteEditing;

/// <summary>Reads site files, and texts that would become one, for the editor.</summary>
/// <param name="config">The node's settings, which may name detectors.</param>
internal sealed class SiteFiles(string config)
{
    /// <summary>A file's bytes, and where they are.</summary>
    internal sealed record Source(string Path, string Text);

    /// <param name="path">Of the file in force.</param>
    /// <param name="bytes">What it holds, or held.</param>
    public SiteFileNow Read(SiteId site, string path, byte[] bytes)
    {
        var version = SiteVersions.HashOf(bytes);
        var name = Path.GetFileName(path);
        string text;
        try
        {
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return new SiteFileNow(site, version, name, "", new SiteDraft([], []), null, "the file is not a text in UTF-8: save it as UTF-8");
        }

        var (settings, problems) = SiteSettings.Check(path, text, config);
        var problem = problems.Count > 0 ? $"the site file has problems by now: {Secrets.Hide(problems[0].ToString())}"
            : settings.Site.Id != site ? $"the file is of the site {settings.Site.Id} by now" : "";
        return new SiteFileNow(site, version, name, Shown(text), SiteDraftReader.Read(settings.Written), problems.Count == 0 ? settings.Site : null, problem) { Source = new Source(path, text) };
    }

    /// <summary>What an older version is when it comes back.</summary>
    /// <inheritdoc cref="SourceSecrets.Renew"/>
    public (string Text, IReadOnlyList<string> Regained) Renew(SiteFileNow old, SiteFileNow now) => SourceSecrets.Renew(Written(old), Written(now));

    private static (string Text, ConfSection Root) Written(SiteFileNow file)
    {
        var source = (Source)file.Source!;
        return (source.Text, new ConfFile([]).Read(source.Path, source.Text));
    }

    /// <param name="added">As for <see cref="SameNames.Of"/>.</param>
    /// <returns>What it would be, and the text with its secrets; null where the text cannot be told.</returns>
    public (DraftCheck Check, string? Text) Check(SiteFileNow began, SiteDraft draft, Func<string?, string, SiteVersion?> added)
    {
        var source = (Source)began.Source!;
        if (SameNames.Of(began.Draft, draft, added).ToList() is { Count: > 0 } same) return (new DraftCheck(same, null, null, []), null);
        string text;
        try
        {
            var problems = new List<SettingsProblem>();
            var root = new ConfFile(problems).Read(source.Path, source.Text);
            text = SiteFilePatch.Apply(source.Text, root, began.Draft, draft);
        }
        catch (Exception e) when (e is SiteFileException or InvalidOperationException)
        {
            // A draft is kept whatever is wrong with it: it must be shown, and can be taken back.
            var why = e is SiteFileException ? e.Message : "the change cannot be put into the text of the file";
            return (new DraftCheck([new DraftFault("", why, SiteFileException.Remedy)], null, null, []), null);
        }

        var (settings, found) = SiteSettings.Check(source.Path, text, config);
        const string Prefix = "trafficflow.site.";
        var faults = found.Select(p => new DraftFault(p.Key.StartsWith(Prefix, StringComparison.Ordinal) ? p.Key[Prefix.Length..] : "", Secrets.Hide(p.Text), p.Remedy, p.Fault)).ToList();
        return (new DraftCheck(faults, faults.Count == 0 ? settings.Site : null, Shown(text), [.. ConfComments.Lost(source.Text, text).Select(Secrets.HideInComment)]), text);
    }

    /// <summary>Line by line, for a secret ends on its line.</summary>
    private static string Shown(string text) => string.Join('\n', ConfComments.Hide(text).Split('\n').Select(Secrets.Hide));
}
