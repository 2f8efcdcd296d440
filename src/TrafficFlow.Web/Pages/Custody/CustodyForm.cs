using System.Collections.Immutable;
using System.Globalization;
using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Texts;
using TrafficFlow.Vault.Inspections;
using TrafficFlow.Vault.Registers;
using TrafficFlow.Web.Pages.Accounts;

namespace TrafficFlow.Web.Pages.Custody;

/// <summary>What forms of custody send, as values: anything may be in them.</summary>
internal static class CustodyForm
{
    // Days beyond are slips of the hand; with any zone they overflow nothing.
    private const int FirstYear = 2000;
    private const int LastYear = 2200;

    /// <summary>As the words of a form: hand-carry is HandCarry.</summary>
    /// <exception cref="RegisterException">It is none.</exception>
    public static T Choice<T>(this DeskForm form, string name)
        where T : struct, Enum => ChoiceOf<T>(form.Text(name)) ?? throw new RegisterException($"\"{PlainText.Of(form.Text(name), 40)}\" is none of {string.Join(", ", Enum.GetValues<T>().Select(Word))}");

    /// <returns>Null where it is none.</returns>
    public static T? ChoiceOf<T>(string? text)
        where T : struct, Enum => Enum.GetValues<T>().Cast<T?>().FirstOrDefault(v => Word(v!.Value) == text);

    public static string Word<T>(T value)
        where T : struct, Enum => string.Concat(value.ToString().Select((c, i) => char.IsUpper(c) ? $"{(i > 0 ? "-" : "")}{char.ToLowerInvariant(c)}" : $"{c}"));

    /// <exception cref="RegisterException">It is no day.</exception>
    public static DateOnly Day(this DeskForm form, string name) => OptionalDay(form, name) ?? throw new RegisterException("a day is missing: write it as 2026-12-01");

    /// <returns>Null where it is empty.</returns>
    /// <exception cref="RegisterException">It is no day.</exception>
    public static DateOnly? OptionalDay(this DeskForm form, string name) =>
        form.Text(name) is not { Length: > 0 } text ? null
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is >= FirstYear and <= LastYear ? day : throw new RegisterException($"\"{PlainText.Of(text, 40)}\" is no day: write it as 2026-12-01");

    /// <summary>By the clock of a place.</summary>
    /// <returns>Null where it is empty.</returns>
    /// <exception cref="RegisterException">It is no time.</exception>
    public static DateTimeOffset? OptionalTime(this DeskForm form, string name, TimeZoneInfo zone)
    {
        if (form.Text(name) is not { Length: > 0 } text) return null;
        if (!DateTime.TryParseExact(text, ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)) throw new RegisterException($"\"{PlainText.Of(text, 40)}\" is no time: write it as 2026-12-01T09:30");
        if (local.Year is < FirstYear or > LastYear) throw new RegisterException($"{text} cannot be meant: is the year right?");
        return zone.IsInvalidTime(local) ? throw new RegisterException($"{text} is left out by the clock of the site") : new DateTimeOffset(local, zone.GetUtcOffset(local));
    }

    /// <summary>When a day begins, by the clock of a place.</summary>
    public static DateTimeOffset Begin(DateOnly day, TimeZoneInfo zone)
    {
        var local = day.ToDateTime(TimeOnly.MinValue);
        // Where clocks are put forward at midnight there is none: the day begins later.
        while (zone.IsInvalidTime(local)) local = local.AddMinutes(30);
        return new DateTimeOffset(local, zone.GetUtcOffset(local));
    }

    public static ImmutableArray<InspectedItem> Items(this DeskForm form, InspectionKind kind) =>
    [
        .. from item in InspectionPlan.ItemsOf(kind)
           let word = Word(item)
           where form.Text($"result-{word}").Length > 0
           select new InspectedItem(item, form.Choice<ItemResult>($"result-{word}"), form.Text($"finding-{word}")),
    ];

    public static ImmutableArray<FollowUpWanted> FollowUps(this DeskForm form, InspectionKind kind) =>
    [
        .. from item in InspectionPlan.ItemsOf(kind)
           let word = Word(item)
           where form.Text($"todo-{word}").Length > 0
           select new FollowUpWanted(item, form.Text($"todo-{word}"), form.Day($"by-{word}")),
    ];
}
