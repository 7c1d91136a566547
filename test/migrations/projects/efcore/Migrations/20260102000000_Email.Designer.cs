[DbContext(typeof(ShopContext))]
[Migration("20260102000000_Email")]
partial class Email { }
