using System.Collections.Immutable;
using TrafficFlow.Core.Sites.Editing;
using TrafficFlow.Node.Settings.HoconParsing;

namespace TrafficFlow.Node.SiteEditing;

/// <summary>Changes keys of a written section: those that stay keep their place, their comments and their form.</summary>
internal static class SectionEdits
{
    /// <summary>Sections with names that people chose: gates, approaches.</summary>
    /// <param name="change">What is written of one, and how it was and is.</param>
    public static void Change<T>(
        TextEdits edits, ConfSection section, ImmutableArray<T> before, ImmutableArray<T> after, Func<T, string> name, Action<ConfValue, T, T> change, Func<T, string> write) where T : class, IDraftItem<T>
    {
        var (last, isOnLines, isFirst) = (-1, false, true);
        foreach (var old in before)
        {
            var value = Own(section.Items[name(old)]);
            var (key, span) = (Key(value), Span(value));
            isOnLines |= edits.Indentation(key.Start) is not null;
            if (after.FirstOrDefault(a => a.Key == old.Key) is not { } now)
            {
                Remove(edits, key.Start, span.End, isFirst);
                continue;
            }

            isFirst = false;
            last = Math.Max(last, span.End);
            if (name(now) != name(old)) edits.Replace(key, SiteFilePatch.Name(name(now)));
            if (!now.SaysSame(old)) change(value, old, now);
        }

        var added = after.Where(a => before.All(b => b.Key != a.Key)).Select(write).ToList();
        if (added.Count == 0) return;
        var whole = Span(section);
        if (last < 0) edits.Insert(whole.Start + 1, $" {string.Join(", ", added)}{(isOnLines ? "" : " ")}");
        else if (isOnLines && edits.EndOfLine(last) is var end && edits.IsLineEnd(end)) edits.Insert(end, string.Concat(added.Select(a => $"\n{Indent(edits, section)}{a}")));
        else edits.Insert(last, string.Concat(added.Select(a => $", {a}")));
    }

    /// <summary>Sets a key, or removes it.</summary>
    /// <param name="text">As it is written; null for no such key.</param>
    public static void Set(TextEdits edits, ConfSection section, string key, string? text)
    {
        if (section.Items.GetValueOrDefault(key) is { } value)
        {
            Own(value);
            if (text is not null) edits.Replace(Span(value), text);
            else Remove(edits, Key(value).Start, Span(value).End, isFirst: false);
            return;
        }

        if (text is null) return;
        var whole = Span(section);
        // Behind the last key that stands here itself; a section that has none is opened and closed on one line.
        var last = section.Items.Values.Where(v => !v.Origin.IsIncluded).Select(v => v.Written?.End ?? -1).DefaultIfEmpty(-1).Max();
        if (last < 0) edits.Insert(whole.Start + 1, $" {key} = {text} ");
        else if (edits.EndOfLine(last) is var end && edits.IsLineEnd(end)) edits.Insert(end, $"\n{Indent(edits, section)}{key} = {text}");
        else edits.Insert(last, $", {key} = {text}");
    }

    /// <summary>Where a key can be put in front of another one.</summary>
    public static int Before(TextEdits edits, ConfValue value) => Key(Own(value)).Start;

    private static string Indent(TextEdits edits, ConfSection section) =>
        section.Items.Values.Where(v => !v.Origin.IsIncluded && v.WrittenKey is not null).Select(v => edits.Indentation(v.WrittenKey!.Value.Start)).FirstOrDefault(i => i is not null) ?? "";

    /// <summary>A key with its value: its whole line where nothing else stands on it, else with the comma in front, or behind where nothing in front stays.</summary>
    private static void Remove(TextEdits edits, int start, int end, bool isFirst)
    {
        if (edits.Indentation(start) is { } blanks && edits.EndOfLine(end) is var line && edits.IsLineEnd(line))
        {
            // With the line's end in front of it, so that what follows keeps its own.
            var from = start - blanks.Length;
            edits.Delete(from > 0 ? from - 1 : from, line);
            return;
        }

        var before = start;
        while (before > 0 && edits.Text[before - 1] is (' ' or '\t')) before--;
        if (!isFirst && before > 0 && edits.Text[before - 1] == ',')
        {
            edits.Delete(before - 1, end);
            return;
        }

        var behind = end;
        while (behind < edits.Text.Length && edits.Text[behind] is (' ' or '\t')) behind++;
        edits.Delete(start, behind < edits.Text.Length && edits.Text[behind] == ',' ? behind + 1 : end);
    }

    private static ConfValue Own(ConfValue value) => value.Origin.IsIncluded ? throw new SiteFileException("a part of it stands in a file that this one includes") : value;

    private static TextSpan Span(ConfValue value) => value.Written ?? throw new SiteFileException("a section is written in a form that the editor does not change, such as a key with dots");

    private static TextSpan Key(ConfValue value) => value.WrittenKey ?? throw new SiteFileException("a key is written in a form that the editor does not change, such as one with dots");
}
