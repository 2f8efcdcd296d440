namespace TrafficFlow.Web.Texts;

/// <summary>What pages say, in one language. A text that a language lacks does not compile.</summary>
public sealed record WebTexts
{
    /// <summary>BCP 47.</summary>
    public required string Language { get; init; }

    public required string OtherLanguage { get; init; }

    public required string OtherLanguageName { get; init; }

    public required string Sites { get; init; }

    public required string NoSites { get; init; }

    public required string NoSuchSite { get; init; }

    public required string NoSuchSiteExplained { get; init; }

    public required string Approaches { get; init; }

    public required string Traffic { get; init; }

    public required string CamerasNow { get; init; }

    public required string Camera { get; init; }

    /// <summary>{0} and {1}: vehicles an hour.</summary>
    public required string LevelLow { get; init; }

    public required string LevelMedium { get; init; }

    public required string LevelHigh { get; init; }

    public required string QueueKey { get; init; }

    public required string NotForYou { get; init; }

    public required string NotForYouTitle { get; init; }

    public required string SessionEnded { get; init; }

    public required string PageStopped { get; init; }

    public required string Reload { get; init; }

    public required string Junction { get; init; }

    public required string SkipToContent { get; init; }

    public required string Latest { get; init; }

    public required string Minutes { get; init; }

    public required string Approach { get; init; }

    public required string Movement { get; init; }

    public required string Entering { get; init; }

    public required string Exiting { get; init; }

    public required string To { get; init; }

    public required string Vehicles { get; init; }

    public required string PerHour { get; init; }

    public required string Heavy { get; init; }

    public required string Speed { get; init; }

    public required string Queue { get; init; }

    public required string Watched { get; init; }

    public required string Quality { get; init; }

    public required string Complete { get; init; }

    public required string Partial { get; init; }

    public required string Blind { get; init; }

    public required string Degraded { get; init; }

    public required string NotWatched { get; init; }

    public required string Cameras { get; init; }

    public required string State { get; init; }

    public required string FramesPerSecond { get; init; }

    public required string LeftOut { get; init; }

    public required string Scene { get; init; }

    public required string WaitsForFirst { get; init; }

    public required string Schema { get; init; }

    public required string PlanExplained { get; init; }

    public required string Through { get; init; }

    public required string Theme { get; init; }

    public required string NodeAway { get; init; }

    public required string SignIn { get; init; }

    public required string SignOut { get; init; }

    public required string AccountName { get; init; }

    public required string Password { get; init; }

    public required string Code { get; init; }

    public required string Invitation { get; init; }

    public required string InvitationExplained { get; init; }

    public required string FirstName { get; init; }

    public required string NewPassword { get; init; }

    public required string Again { get; init; }

    public required string SetPassword { get; init; }

    public required string CodeNeeded { get; init; }

    public required string WrongSignIn { get; init; }

    public required string TooManyTries { get; init; }

    /// <summary>{0}: seconds.</summary>
    public required string WaitFor { get; init; }

    public required string NotTheSame { get; init; }

    public required string NotSet { get; init; }

    public required string TooManyAtOnce { get; init; }

    public required string NoAccountsNow { get; init; }

    public static WebTexts For(string? language) => language == "ja" ? JapaneseTexts.Instance : EnglishTexts.Instance;
}
