using TrafficFlow.Core.Texts;
using TrafficFlow.Node.Settings.HoconParsing;
using TrafficFlow.Node.Settings.Sites;

namespace TrafficFlow.Node.SiteEditing;

/// <summary>
/// The users, passwords and queries of camera sources, where an older version of a site file comes back: those of today stay. A password that was changed since is not to come
/// back unseen, and would lock the camera out besides.
/// </summary>
internal static class SourceSecrets
{
    /// <param name="old">The older text, and what it says.</param>
    /// <param name="now">The text in force, and what it says.</param>
    /// <returns>The older text with the secrets of now, and the cameras that get some of then back: they have another host, or another query, or none of now.</returns>
    public static (string Text, IReadOnlyList<string> Regained) Renew((string Text, ConfSection Root) old, (string Text, ConfSection Root) now)
    {
        var edits = new TextEdits(old.Text);
        var regained = new List<string>();
        var sources = Sources(now.Root);
        foreach (var (camera, source) in Sources(old.Root))
        {
            // What another file holds does not come back with this one.
            if (source.Origin.IsIncluded || source.Written is not { } written) continue;
            var today = sources.GetValueOrDefault(camera);
            if (today is not null && SourceAddress.WithoutCredentials(today.Text) == SourceAddress.WithoutCredentials(source.Text))
            {
                if (today.Text != source.Text) edits.Replace(written, today is { Origin.IsIncluded: false, Written: { } span } ? now.Text[span.Start..span.End] : SiteFilePatch.Quoted(today.Text));
                continue;
            }

            var (renewed, isOfThen) = Renew(source.Text, today?.Text);
            if (isOfThen) regained.Add(camera);
            if (renewed != source.Text) edits.Replace(written, SiteFilePatch.Quoted(renewed));
        }

        return (edits.Apply(), regained);
    }

    /// <summary>An older address, with the user and password that its host has now.</summary>
    private static (string Source, bool IsOfThen) Renew(string source, string? today)
    {
        if (Parts(source) is not { } old || today is null || Parts(today) is not { } now || old.Scheme != now.Scheme || old.Host != now.Host) return (source, Secrets.Hide(source) != source);
        return ($"{old.Scheme}{now.User}{old.Path}", old.Path.IndexOfAny(['?', '#']) >= 0);
    }

    /// <returns>The user with its @, and what stands behind it; null for what is no address.</returns>
    private static (string Scheme, string User, string Host, string Path)? Parts(string source)
    {
        var begin = source.IndexOf("://", StringComparison.Ordinal) + 3;
        if (begin < 3) return null;
        var at = Math.Max(begin, source.LastIndexOf('@') + 1);
        var rest = source[at..];
        var end = rest.IndexOfAny(['/', '?', '#']);
        return (source[..begin].ToLowerInvariant(), source[begin..at], (end < 0 ? rest : rest[..end]).ToLowerInvariant(), rest);
    }

    private static Dictionary<string, ConfText> Sources(ConfSection root)
    {
        var sources = new Dictionary<string, ConfText>(StringComparer.Ordinal);
        if (SiteDraftReader.SiteOf(root).Items.GetValueOrDefault("cameras") is not ConfSection cameras) return sources;
        foreach (var (id, camera) in cameras.Items)
        {
            if ((camera as ConfSection)?.Items.GetValueOrDefault("source") is ConfText source) sources[id] = source;
        }

        return sources;
    }
}
