using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Web.Access;
using TrafficFlow.Web.Http;

namespace TrafficFlow.Web.SignIn;

/// <summary>Signing in and out, and taking an invitation: forms without a script of their own, which work before anything else does.</summary>
internal static class SignInRoutes
{
    public static void Map(IEndpointRouteBuilder app, AccountCallers callers)
    {
        app.MapGet("/sign-in", (HttpContext context) => Page(context, new SignInModel(SafePath(context.Request.Query["from"]))));
        app.MapPost("/sign-in", context => SignInAsync(context, callers));
        app.MapPost("/sign-out", async context =>
        {
            await callers.SignOutAsync(context);
            context.Response.Redirect(AccountCallers.Path);
        });
        app.MapGet("/invitation", (HttpContext context) => Page(context, new InvitationModel()));
        app.MapPost("/invitation", context => AcceptAsync(context, callers));
    }

    private static async Task SignInAsync(HttpContext context, AccountCallers callers)
    {
        if (await FormAsync(context) is not { } form) return;
        var (name, from) = (form["name"].ToString(), SafePath(form["from"]));
        var result = await callers.SignInAsync(context, name, form["password"].ToString(), form["code"]);
        if (result.Session is not null)
        {
            context.Response.Redirect(from);
            return;
        }

        context.Response.StatusCode = result.Refusal switch
        {
            LogInRefusal.Wait or LogInRefusal.Busy => StatusCodes.Status429TooManyRequests,
            LogInRefusal.Unavailable => StatusCodes.Status503ServiceUnavailable,
            _ => StatusCodes.Status401Unauthorized,
        };
        ComeAgainAfter(context, result.RetryAfter);
        await Page(context, new SignInModel(from) { Name = name, Refusal = result.Refusal, RetryAfter = result.RetryAfter }).ExecuteAsync(context);
    }

    private static async Task AcceptAsync(HttpContext context, AccountCallers callers)
    {
        if (await FormAsync(context) is not { } form) return;
        var (text, name, password) = (form["invitation"].ToString(), form["name"].ToString(), form["password"].ToString());
        var refused = password != form["again"] ? new InvitationRefused(StatusCodes.Status400BadRequest, InvitationModel.NotTheSame) : await callers.AcceptAsync(context, text, name.Length > 0 ? name : null, password);
        if (refused is null)
        {
            context.Response.Redirect(AccountCallers.Path);
            return;
        }

        context.Response.StatusCode = refused.Status;
        ComeAgainAfter(context, refused.RetryAfter);
        await Page(context, new InvitationModel { Problem = refused.Why, Text = text, Name = name }).ExecuteAsync(context);
    }

    private static void ComeAgainAfter(HttpContext context, TimeSpan wait)
    {
        if (wait > TimeSpan.Zero) context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    private static RazorComponentResult<SignInDocument> Page(HttpContext context, object model) =>
        new(new Dictionary<string, object?> { [nameof(SignInDocument.Model)] = model, [nameof(SignInDocument.Language)] = PageLanguage.Of(context.Request) }) { PreventStreamingRendering = true, StatusCode = context.Response.StatusCode };

    private static async Task<IFormCollection?> FormAsync(HttpContext context)
    {
        try
        {
            if (context.Request.HasFormContentType) return await context.Request.ReadFormAsync(context.RequestAborted);
        }
        catch (Exception e) when (UnreadableForm.Is(e) || e is BadHttpRequestException or InvalidOperationException or ArgumentException)
        {
            // Told below.
        }

        await new Problem(StatusCodes.Status400BadRequest, "No form", "the request holds no form that can be read", "use the page's own form").WriteAsync(context);
        return null;
    }

    /// <summary>A page of this host: whoever made the link must not send people elsewhere.</summary>
    private static string SafePath(string? path) => path is { Length: > 0 and < 300 } && path[0] == '/' && !path.StartsWith("//", StringComparison.Ordinal) && !path.Contains('\\', StringComparison.Ordinal) && path.All(c => c is > ' ' and < (char)127) ? path : "/";
}

/// <param name="From">Where to go on.</param>
internal sealed record SignInModel(string From)
{
    public string Name { get; init; } = "";

    public LogInRefusal? Refusal { get; init; }

    public TimeSpan RetryAfter { get; init; }
}

internal sealed record InvitationModel
{
    public const string NotTheSame = "the two passwords are not the same";

    /// <summary>Of the link, once it was sent; a browser reads it from the address itself.</summary>
    public string Text { get; init; } = "";

    public string Name { get; init; } = "";

    public string? Problem { get; init; }
}
