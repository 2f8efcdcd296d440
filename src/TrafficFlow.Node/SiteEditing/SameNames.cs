using System.Collections.Immutable;
using System.Globalization;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Sites.Editing;
using TrafficFlow.Web.Pages.Editor;

namespace TrafficFlow.Node.SiteEditing;

/// <summary>Two gates of a camera, or approaches, with one name: in a file they would be one, and cannot be written.</summary>
internal static class SameNames
{
    /// <param name="began">The file that the draft began from.</param>
    /// <param name="added">Who added a gate of a camera, or an approach where that is null, to the file; null where that is not known.</param>
    public static IEnumerable<DraftFault> Of(SiteDraft began, SiteDraft draft, Func<string?, string, SiteVersion?> added) =>
    [
        .. Of("approaches", "approaches", began.Approaches, draft.Approaches, a => a.Id, name => added(null, name)),
        .. draft.Cameras.SelectMany(c => Of("gates", $"cameras.{c.Id}.gates", began.Find(c.Id)?.Gates ?? [], c.Gates, g => g.Id, name => added(c.Id, name))),
    ];

    private static IEnumerable<DraftFault> Of<T>(string what, string key, ImmutableArray<T> began, ImmutableArray<T> items, Func<T, string> name, Func<string, SiteVersion?> added) where T : class, IDraftItem<T>
    {
        foreach (var same in items.GroupBy(name).Where(g => g.Count() > 1))
        {
            var isInFile = same.Any(s => s.Key >= 0 && began.Any(b => b.Key == s.Key && name(b) == same.Key));
            var free = Free(same.Key, items, name);
            var version = isInFile ? added(same.Key) : null;
            var text = $"is the name of {same.Count()} {what}"
                + (!isInFile ? " of this draft" : version is null ? ": one stands in the file, the other came with this draft" : $": {version.By} added one in version {version.Number}, the other came with this draft");
            var fault = isInFile
                ? new SiteFault(SiteFaultKind.SameNameInFile, same.Key, version is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{version.By}, {version.Number}"), free)
                : new SiteFault(SiteFaultKind.SameName, same.Key, "", free);
            yield return new DraftFault($"{key}.{EditorState.Written(same.Key)}", text, $"give {(isInFile ? "the one of this draft" : "one of them")} another name in the list of {what}, for example {free}", fault);
        }
    }

    private static string Free<T>(string taken, ImmutableArray<T> items, Func<T, string> name)
    {
        var stem = taken.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9').TrimEnd('-');
        if (stem.Length == 0) stem = "new";
        var number = 2;
        while (items.Any(i => name(i) == $"{stem}-{number}")) number++;
        return $"{stem}-{number}";
    }
}
