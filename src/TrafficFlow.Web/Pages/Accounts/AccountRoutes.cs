using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Files;
using TrafficFlow.Web.Access;
using TrafficFlow.Web.Http;
using TrafficFlow.Web.Routes;

namespace TrafficFlow.Web.Pages.Accounts;

/// <summary>
/// What the forms of the pages of accounts are sent to. Each is a request of its own, whose session the gatekeeper has just looked at: a page that is still open after its session
/// has ended changes nothing. What is shown once (links, tokens, codes) is in the answer alone, and goes through no circuit.
/// </summary>
internal static class AccountRoutes
{
    /// <summary>More than any token may last, and than a span of time can hold.</summary>
    private const int MostDays = 36_500;

    private const string Home = "/accounts";

    /// <param name="desk">Null for a node without accounts.</param>
    public static void Map(IEndpointRouteBuilder app, AccountDesk? desk)
    {
        Map("/accounts/add", async (form, by, t) =>
        {
            var invitation = await desk!.AddAsync(by, form.Text("name"), form.Roles());
            return Link(form, t, invitation);
        });
        Map("/accounts/invite", async (form, by, t) => Link(form, t, await desk!.InviteAsync(by, form.Text("name"), form.Is("drop"))));
        Map("/accounts/roles", async (form, by, _) =>
        {
            await desk!.SetRolesAsync(by, form.Text("name"), form.Roles());
            return Back(form);
        });
        Map("/accounts/disable", async (form, by, _) =>
        {
            await desk!.DisableAsync(by, form.Text("name"));
            return Back(form);
        });
        Map("/accounts/enable", async (form, by, _) =>
        {
            await desk!.EnableAsync(by, form.Text("name"));
            return Back(form);
        });
        Map("/accounts/own/password", async (form, by, t) =>
        {
            if (form.Text("password") != form.Text("again")) throw new AccountException(t.NotTheSame);
            await desk!.ChangePasswordAsync(by, form.Text("old"), form.Text("password"));
            return new DeskAnswer(t.PasswordChanged) { Explained = t.SignInAgain };
        });
        Map("/accounts/own/second-factor", async (form, by, t) =>
        {
            var begun = await desk!.BeginSecondFactorAsync(by, form.Text("password"));
            return new DeskAnswer(t.SecondFactor) { Explained = t.SecondFactorExplained, Secrets = [(t.Secret, begun.Secret), (t.SecretLink, begun.Uri)], QrCode = begun.Uri, AsksForCode = true };
        });
        Map("/accounts/own/second-factor/confirm", async (form, by, t) =>
        {
            var codes = await desk!.ConfirmSecondFactorAsync(by, form.Text("code"));
            return new DeskAnswer(t.SecondFactorIsOn) { Explained = t.RecoveryExplained, Secrets = [.. codes.Select((c, i) => ($"{t.RecoveryCode} {i + 1}", c))] };
        });
        Map("/accounts/own/second-factor/remove", async (form, by, t) =>
        {
            await desk!.RemoveSecondFactorAsync(by, form.Text("password"));
            return new DeskAnswer(t.SecondFactorIsOff) { Explained = t.SignInAgain };
        });
        Map("/accounts/tokens", async (form, by, t) =>
        {
            var account = form.Text("account") is { Length: > 0 } other ? other : by.Name;
            var days = int.TryParse(form.Text("days"), out var d) ? Math.Clamp(d, 0, MostDays) : 0;
            var text = await desk!.CreateTokenAsync(by, form.Text("name"), account, form.All("site"), form.All("use"), form.Roles(), TimeSpan.FromDays(days));
            return new DeskAnswer(t.TokenMade) { Explained = t.TokenExplained, Secrets = [(form.Text("name"), text)] };
        });
        Map("/accounts/tokens/revoke", async (form, by, _) =>
        {
            await desk!.RevokeTokenAsync(by, form.Text("name"));
            return new DeskAnswer(null);
        });

        void Map(string path, Func<DeskForm, Caller, AccountTexts, Task<DeskAnswer>> change) => app.MapPost(path, async context =>
        {
            if (desk is null)
            {
                await new Problem(StatusCodes.Status404NotFound, "No accounts", "this node has none: whoever has its link is in", "accounts are for nodes that run as a service: trafficflow run").WriteAsync(context);
                return;
            }

            if (await DeskForm.ReadAsync(context) is not { } form) return;
            await AnswerAsync(context, form, change);
        });
    }

    private static async Task AnswerAsync(HttpContext context, DeskForm form, Func<DeskForm, Caller, AccountTexts, Task<DeskAnswer>> change)
    {
        var language = PageLanguage.Of(context.Request);
        var texts = AccountTexts.For(language);
        DeskAnswer answer;
        try
        {
            answer = await change(form, context.Features.Get<Caller>()!, texts);
        }
        catch (AccountException e)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            answer = new DeskAnswer(texts.NothingChanged) { Problem = e.Message };
        }
        catch (VaultFileException)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            answer = new DeskAnswer(texts.NothingChanged) { Problem = texts.Unreadable };
        }

        // Nothing to be shown: on to the page, which shows what is so now.
        if (answer.Heading is null) context.Response.Redirect(answer.Back);
        else await Page(context, answer, language).ExecuteAsync(context);
    }

    private static RazorComponentResult<DeskDocument> Page(HttpContext context, DeskAnswer answer, string language) =>
        new(new Dictionary<string, object?> { [nameof(DeskDocument.Model)] = answer, [nameof(DeskDocument.Language)] = language }) { PreventStreamingRendering = true, StatusCode = context.Response.StatusCode };

    private static DeskAnswer Link(DeskForm form, AccountTexts texts, Invitation invitation) => new(texts.LinkMade)
    {
        Explained = AccountTexts.With(texts.LinkExplained, $"{invitation.Until.UtcDateTime:yyyy-MM-dd HH:mm}Z"),
        Secrets = [(invitation.Name ?? "", $"{form.Host}{invitation.Path}")],
    };

    /// <summary>The page of the account, where there is such a name.</summary>
    private static DeskAnswer Back(DeskForm form) => new(null) { Back = Core.Sites.NameRule.IsChosen(form.Text("name")) ? $"{Home}/{form.Text("name")}" : Home };
}

/// <summary>What a form has led to.</summary>
/// <param name="Heading">Null where there is nothing to be shown but the page.</param>
internal sealed record DeskAnswer(string? Heading)
{
    public string? Problem { get; init; }

    public string? Explained { get; init; }

    /// <summary>Shown here and never again.</summary>
    public IReadOnlyList<(string Name, string Value)> Secrets { get; init; } = [];

    /// <summary>Null for none.</summary>
    public string? QrCode { get; init; }

    /// <summary>A code of the authenticator makes the second factor good.</summary>
    public bool AsksForCode { get; init; }

    public string Back { get; init; } = "/accounts";
}
