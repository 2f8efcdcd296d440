using TrafficFlow.Core.Texts;

namespace TrafficFlow.Vault.Registers;

/// <summary>Texts that people enter: what cannot be shown as it is on a page or a screen is not taken.</summary>
internal static class EntryText
{
    /// <summary>On one line.</summary>
    /// <param name="what">For the message: the reason, the name.</param>
    /// <exception cref="RegisterException">It is empty, too long, or holds what cannot be shown.</exception>
    public static string Line(string? text, string what, int most)
    {
        var trimmed = text?.Trim() ?? "";
        if (trimmed.Length == 0) throw new RegisterException($"{what} is missing; nothing was entered");
        if (trimmed.Length > most) throw new RegisterException($"{what} has {trimmed.Length} characters, and {most} are the most; nothing was entered");
        return PlainText.IsPlain(trimmed) ? trimmed : throw new RegisterException($"{what} holds what cannot be shown on one line ({PlainText.Of(trimmed, 80)}); nothing was entered");
    }

    /// <summary>On several lines, or empty.</summary>
    /// <exception cref="RegisterException">It is too long, or holds what cannot be shown.</exception>
    public static string Lines(string? text, string what, int most)
    {
        var trimmed = (text ?? "").ReplaceLineEndings("\n").Trim();
        if (trimmed.Length > most) throw new RegisterException($"{what} has {trimmed.Length} characters, and {most} are the most; nothing was entered");
        return PlainText.Lines(trimmed) == trimmed ? trimmed : throw new RegisterException($"{what} holds characters that cannot be shown; nothing was entered");
    }
}
