using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;

namespace MiniNet.Tests.Debugging;

/// <summary>
/// Evaluates a <see cref="DebuggerDisplayAttribute"/> as a debugger does: each expression in braces is a path of members of the object.
/// </summary>
internal static partial class DisplayString
{
    private const BindingFlags All = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    public static string Of(object shown)
    {
        string format = shown.GetType().GetCustomAttribute<DebuggerDisplayAttribute>(inherit: true)!.Value;
        return Expression().Replace(format, match => Evaluate(shown, match.Groups["path"].Value)?.ToString() ?? "null");
    }

    /// <summary>Gets what a debugger shows for the object instead of its fields.</summary>
    public static object Proxy(object shown)
    {
        Type type = shown.GetType();
        string name = type.GetCustomAttribute<DebuggerTypeProxyAttribute>(inherit: true)!.ProxyTypeName;
        return Activator.CreateInstance(Type.GetType(name, throwOnError: true)!, All, null, [shown], null)!;
    }

    /// <summary>Gets the member paths in the display of a type, and whether these members exist.</summary>
    public static IEnumerable<(string Path, bool Exists)> Members(Type type) =>
        Expression().Matches(type.GetCustomAttribute<DebuggerDisplayAttribute>(inherit: false)!.Value)
            .Select(match => (match.Value, IsThere(type, match.Groups["path"].Value)));

    private static bool IsThere(Type? on, string path)
    {
        foreach (string part in path.Split('.'))
        {
            on = part.EndsWith("()", StringComparison.Ordinal)
                ? on?.GetMethod(part[..^2], All, [])?.ReturnType
                : on?.GetProperty(part, All)?.PropertyType;
            on = on?.Name == "IReadOnlyList`1" && part != path.Split('.')[^1]
                ? typeof(IReadOnlyCollection<>).MakeGenericType(on.GetGenericArguments())
                : on;
        }

        return on is not null;
    }

    private static object? Evaluate(object on, string path)
    {
        object? value = on;
        foreach (string part in path.Split('.'))
        {
            Type type = value!.GetType();
            value = part.EndsWith("()", StringComparison.Ordinal)
                ? type.GetMethod(part[..^2], All, [])!.Invoke(value, null)
                : type.GetProperty(part, All)!.GetValue(value);
        }

        return value;
    }

    [GeneratedRegex(@"\{(?<path>[\w.()]+)(,nq)?\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Expression();
}
