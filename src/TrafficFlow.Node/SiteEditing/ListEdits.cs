using System.Collections.Immutable;
using TrafficFlow.Core.Sites.Editing;
using TrafficFlow.Node.Settings.HoconParsing;

namespace TrafficFlow.Node.SiteEditing;

/// <summary>Changes items of a written list: those that stay keep their place, their comments and their form.</summary>
internal static class ListEdits
{
    /// <param name="change">Changes an item that is written already.</param>
    /// <param name="write">A new one.</param>
    public static void Change<T>(TextEdits edits, ConfList list, ImmutableArray<T> before, ImmutableArray<T> after, Action<ConfValue, T> change, Func<T, string> write) where T : class, IDraftItem<T>
    {
        var written = list.Written ?? throw new SiteFileException("a list is written in a form that the editor does not change");
        var spans = list.Items.Select(i => i.Written ?? throw new SiteFileException("an item of a list is written in a form that the editor does not change")).ToList();
        var stays = before.Select(b => after.FirstOrDefault(a => a.Key == b.Key)).ToList();
        for (var i = 0; i < before.Length; i++)
        {
            if (stays[i] is { } item && !item.SaysSame(before[i])) change(list.Items[i], item);
        }

        var last = stays.FindLastIndex(s => s is not null);
        var isOnLines = edits.Text.AsSpan(written.Start, written.End - written.Start).Contains('\n');
        // What is written behind the last item that stays, with its comment.
        var end = last < 0 ? written.Start + 1 : isOnLines && edits.EndOfLine(spans[last].End) is var line && edits.IsLineEnd(line) ? line : spans[last].End;
        Remove(edits, spans, stays, last, end);
        var added = after.Where(a => before.All(b => b.Key != a.Key)).Select(write).ToList();
        if (added.Count == 0) return;
        if (isOnLines && spans.Count > 0)
        {
            var indent = edits.IndentationOfLine(spans[0].Start);
            var comma = spans.Count > 1 && edits.Text.AsSpan(spans[0].End, spans[1].Start - spans[0].End).Contains(',') ? "," : "";
            if (last >= 0 && comma.Length > 0 && !edits.Text.AsSpan(spans[last].End).TrimStart().StartsWith(",")) edits.Insert(spans[last].End, comma);
            edits.Insert(end, string.Join(comma, added.Select(a => $"\n{indent}{a}")));
        }
        else if (last >= 0)
        {
            edits.Insert(end, string.Concat(added.Select(a => $", {a}")));
        }
        else
        {
            edits.Insert(end, $" {string.Join(", ", added)} ");
        }
    }

    private static void Remove<T>(TextEdits edits, List<TextSpan> spans, List<T?> stays, int last, int end) where T : class
    {
        for (var i = 0; i < last; i++)
        {
            if (stays[i] is null) edits.Delete(spans[i].Start, spans[i + 1].Start);
        }

        // Those behind the last that stays go together, with what stands between them.
        if (last + 1 < spans.Count) edits.Delete(last >= 0 ? end : spans[0].Start, spans[^1].End);
    }
}
